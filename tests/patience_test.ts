import { assertEquals } from "@std/assert";
import { DEFAULT_LIMITS } from "../server/limits.ts";
import { Patience } from "../server/patience.ts";

const WHOLE = { frames: 1, partial: false };
const BEGUN = { frames: 0, partial: true };

/** Somebody who connected at 0, and what is due at a second. */
function rig({ named = false } = {}) {
  const patience = new Patience(DEFAULT_LIMITS, 0);
  if (named) patience.signedIn();
  return {
    patience,
    reads: (second: number, reply: { frames: number; partial: boolean }) => {
      patience.reading(second * 1_000);
      patience.read(second * 1_000, reply);
    },
    due: (second: number) => {
      const due = patience.due(second * 1_000);
      return due?.kind === "end" ? due.code : due?.kind;
    },
  };
}

Deno.test("[T1] [B01] who says nothing is let go after 2 s", () => {
  const { due } = rig();
  assertEquals([due(1.9), due(2)], [undefined, "hello_timeout"]);
});

Deno.test("[T2] [B02] who takes no name is let go after 10 s, however much it says", () => {
  const { due, reads } = rig();
  for (let second = 0; second < 10; second++) {
    reads(second, WHOLE);
    assertEquals(due(second + 0.5), undefined);
  }
  assertEquals(due(10), "auth_timeout");
});

Deno.test("[T2] who has a name is not asked for one", () => {
  const { due, reads } = rig({ named: true });
  reads(1, WHOLE);
  assertEquals(due(20), undefined);
});

Deno.test("[T3] [F6] [A06] a frame is complete 10 s after its first byte, however it drips", () => {
  const { due, reads } = rig({ named: true });
  for (let second = 1; second < 11; second++) {
    reads(second, BEGUN);
    assertEquals(due(second + 0.9), undefined);
  }
  assertEquals(due(11), "frame_slow");
});

Deno.test("[T3] the time of a frame begins with that frame", () => {
  const { due, reads } = rig({ named: true });
  reads(1, BEGUN);
  reads(9, { frames: 1, partial: true });
  assertEquals([due(18.9), due(19)], [undefined, "frame_slow"]);
  reads(18, WHOLE);
  assertEquals(due(40), undefined);
});

Deno.test("[T4] a silent client is pinged once after 30 s and let go after 75 s", () => {
  const { due, reads } = rig({ named: true });
  reads(1, WHOLE);
  assertEquals([due(30.9), due(31), due(32), due(70)], [undefined, "ping", undefined, undefined]);
  assertEquals([due(75.9), due(76)], [undefined, "idle"]);
});

Deno.test("[T4] who answers is not let go, and is pinged again when it is silent again", () => {
  const { due, reads } = rig({ named: true });
  reads(1, WHOLE);
  for (let minute = 1; minute < 60; minute++) {
    assertEquals(due(minute * 31), "ping", `${minute}`);
    reads(minute * 31 + 0.5, WHOLE);
    assertEquals(due(minute * 31 + 1), undefined);
  }
});

Deno.test("[K02] a session that does not answer for 2 s is stuck, and the client is not to blame", () => {
  const { due, patience } = rig({ named: true });
  patience.reading(1_000);
  assertEquals([due(2.9), due(3), due(200)], [undefined, "stuck", "stuck"]);
  patience.read(3_500, WHOLE);
  assertEquals(due(4), undefined);
});

Deno.test("[T7] the time in which a client was not read is not its silence, nor its slowness", () => {
  const { due, reads, patience } = rig({ named: true });
  reads(1, BEGUN);
  patience.resumed(9_000);
  assertEquals([due(18.9), due(19)], [undefined, "frame_slow"]);
  reads(20, WHOLE);
  patience.resumed(90_000);
  assertEquals([due(91), due(165)], [undefined, "idle"]);
});
