import { assert, assertEquals } from "@std/assert";
import { openHouse } from "./support/house.ts";
import { PROBES } from "./support/lockdown_probes.ts";
import { ACTS } from "./support/unlocked_session_worker.ts";

const rogue = new URL("./support/rogue_session_worker.ts", import.meta.url);
const unlocked = new URL("./support/unlocked_session_worker.ts", import.meta.url);

Deno.test(`[K05] ${PROBES.length} ways out of a session Worker are closed`, async (t) => {
  await using house = await openHouse({ workers: 3, sessionEntry: rogue });
  for (const [n, [name]] of PROBES.entries()) {
    await t.step(name, async () => {
      using wire = await house.enter(`probe-${n}`);
      await wire.send({ type: "message", room: "lobby", id: "p", text: `!probe ${n}!` });
      for (let event; (event = await wire.next()) && event.type !== "error";) {
        if (event.type === "message") return assert(event.text.startsWith("refused: "), event.text);
      }
      // no answer: to try was the end of the Worker, which is as good
    });
  }
  await house.witness.fence();
});

Deno.test(`[K05] a session Worker without its lockdown still has no permission for ${ACTS.length} acts`, async () => {
  await using house = await openHouse({ sessionEntry: unlocked });
  using wire = await house.enter("probe");
  for (const [n, [name]] of ACTS.entries()) {
    await wire.send({ type: "message", room: "lobby", id: `p-${n}`, text: `${n}` });
    const { text } = await wire.until("message");
    assert(/^refused: .*(?:NotCapable|denied|Requires \w+ access)/.test(text), `${name}: ${text}`);
  }
  assertEquals(await Deno.stat("/tmp/chat-probe").catch(() => "none"), "none");
});
