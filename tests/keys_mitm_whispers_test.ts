import { assert, assertEquals } from "@std/assert";
import type { Event } from "../protocol/schema.ts";
import { Keyring } from "./support/keyring.ts";
import { flipped, play, told, type Whisper } from "./support/mitm.ts";
import type { Tamper } from "./support/tampered.ts";
import type { Watched } from "./support/watched.ts";

/** The whispers of Bob that reach Alice go through `change`. */
function onTheWay(tamper: Tamper, change: (whisper: Whisper) => Event[]): void {
  tamper.down = (event) => event.type === "whisper" && event.from === "bob" ? change(event) : undefined;
}

/** How often this text was shown. */
function shownTimes({ seen }: Watched, text: string): number {
  return seen.filter((event) => event.kind === "entry" && event.entry.text.includes(text)).length;
}

/** Why the entries that could not be read could not. */
function unreadable({ seen }: Watched): string[] {
  return seen.flatMap((event) =>
    event.kind === "entry" && event.entry.unreadable ? [event.entry.unreadable] : []
  );
}

Deno.test("[X04] a whisper that is repeated, under whatever number, is not shown twice: 10,000 times", async () => {
  await play(async ({ alice, bob, tamper, secret }) => {
    const REPEATS = 10_000;
    onTheWay(tamper, (whisper) => [
      whisper,
      ...Array.from({ length: REPEATS }, (_, i) => ({ ...whisper, seq: whisper.seq + 1 + i })),
    ]);
    bob.client.say("@alice", secret("only once"));
    await alice.until(() => alice.count("entry") >= REPEATS + 3); // with two hellos
    assertEquals(shownTimes(alice, "only once"), 1);
    assertEquals(unreadable(alice), Array(REPEATS).fill("replay"));
  });
});

Deno.test("[X04] a whisper to one is not shown to another, nor as one of somebody else's", async () => {
  await play(async ({ alice, bob, tamper, ring, port, secret }) => {
    await using carol = await ring.registered("carol", port, {
      down: (event) =>
        event.type === "whisper" && event.from === "alice" && taken
          ? [{ ...event, sealed: taken }]
          : undefined,
    });
    let taken: string | undefined;
    onTheWay(tamper, (whisper) => {
      taken = whisper.sealed;
      return [whisper];
    });
    bob.client.say("@alice", secret("for Alice"));
    await alice.next("entry", ({ entry }) => entry.text === secret("for Alice"));
    alice.client.say("@carol", secret("for Carol"));
    const got = await carol.next("entry", ({ entry }) => entry.from === "alice");
    assertEquals([got.entry.unreadable, shownTimes(carol, "for Alice")], ["no_session", 0]);
    // And to Alice as if Carol had said it.
    carol.client.say("@alice", secret("hello"));
    tamper.down = (event) =>
      event.type === "whisper" && event.from === "carol" ? [{ ...event, sealed: taken! }] : undefined;
    const { entry } = await alice.next("entry", ({ entry }) => entry.from === "carol");
    assertEquals([entry.seal, shownTimes(alice, "for Alice")], [undefined, 1]);
    assert(entry.unreadable !== undefined);
  });
});

Deno.test("[X04] one's own whisper does not come back as if the other had said it", async () => {
  await play(async ({ alice, bob, tamper, secret }) => {
    let own: string | undefined;
    tamper.down = (event) => {
      if (event.type !== "whisper") return undefined;
      if (event.from === "bob") return [{ ...event, sealed: own! }];
      own = event.sealed;
      return undefined;
    };
    alice.client.say("@bob", secret("I owe you"));
    await alice.next("entry", ({ entry }) => entry.text === secret("I owe you"));
    bob.client.say("@alice", secret("yes"));
    const { entry } = await alice.next("entry", ({ entry }) => entry.from === "bob");
    assert(entry.unreadable !== undefined);
    assertEquals(shownTimes(alice, "I owe you"), 1);
  });
});

Deno.test("[X04] what is sealed does not show in a room", async () => {
  await play(async ({ alice, bob, tamper, secret }) => {
    onTheWay(tamper, ({ seq: _, to: __, text: ___, type: ____, sealed, ...whisper }) => [
      { ...whisper, type: "message", room: "lobby", seq: 1, text: sealed! },
    ]);
    bob.client.say("@alice", secret("not for the room"));
    const { entry } = await alice.next("entry", ({ to }) => to === "#lobby");
    assertEquals([entry.seal, shownTimes(alice, "not for the room")], [undefined, 0]);
  });
});

Deno.test("[X04] a whisper of before is not shown anew by another device of the account", async () => {
  await play(async ({ alice, bob, ring: _, port, secret, tamper }) => {
    let taken: Whisper | undefined;
    onTheWay(tamper, (whisper) => {
      taken = whisper;
      return [whisper];
    });
    bob.client.say("@alice", secret("once"));
    await alice.next("entry", ({ entry }) => entry.text === secret("once"));
    await alice.client.keys!.settle();
    await using other = await Keyring.make(port);
    await using laptop = await other.withPassword("alice", port);
    const page = await laptop.client.historyPage("@bob");
    assertEquals(page.entries.filter(({ text }) => text === secret("once")).length, 1);
    const again = await laptop.client.keys!.open({ ...taken!, seq: taken!.seq + 5, sealed: taken!.sealed! });
    assertEquals("unreadable" in again && again.unreadable, "replay");
  });
});

Deno.test("[X05] what the server drops is told as missing", async () => {
  await play(async ({ alice, bob, tamper, secret }) => {
    let dropped = 0;
    onTheWay(tamper, (whisper) => dropped++ === 0 ? [] : [{ ...whisper, seq: whisper.seq - 1 }]);
    bob.client.say("@alice", secret("dropped"));
    bob.client.say("@alice", secret("seen"));
    const { entry } = await alice.next("entry", ({ entry }) => entry.from === "bob");
    assertEquals(entry.text, secret("seen"));
    await told(alice, "missing");
    assert(alice.seen.some((event) => event.kind === "keys" && event.message.startsWith("1 message of bob")));
  });
});

Deno.test("[X05] what comes in another order is shown in the order of the mailbox, and told as missing and as come", async () => {
  await play(async ({ alice, bob, tamper, secret }) => {
    const held: Whisper[] = [];
    onTheWay(tamper, (whisper) => {
      held.push(whisper);
      if (held.length < 4) return [];
      const [first] = held;
      return held.toReversed().map((each, i) => ({ ...each, seq: first!.seq + i }));
    });
    for (const n of [1, 2, 3, 4]) bob.client.say("@alice", secret(`number ${n}`));
    await alice.next("entry", ({ entry }) => entry.text === secret("number 1"));
    const texts = alice.seen.flatMap((event) =>
      event.kind === "entry" && event.entry.text.startsWith("number") ? [event.entry.text] : []
    );
    assertEquals(texts, [4, 3, 2, 1].map((n) => secret(`number ${n}`)));
    await told(alice, "late");
    const codes = alice.seen.flatMap((event) => event.kind === "keys" ? [event.code] : []);
    assertEquals(codes, ["missing", "late", "late", "late"]);
  });
});

Deno.test("[X05] what is held back until seventy others have come can still be read, once: twenty of them", async () => {
  await play(async ({ alice, bob, tamper, secret }) => {
    const [HELD, OTHERS] = [20, 70];
    const held: Whisper[] = [];
    let last = 0;
    onTheWay(tamper, (whisper) => {
      last = whisper.seq;
      if (held.length === HELD) return [{ ...whisper, seq: whisper.seq - HELD }];
      held.push(whisper);
      return [];
    });
    for (let n = 0; n < HELD; n++) bob.client.say("@alice", secret(`held back ${n}.`));
    for (let n = 0; n < OTHERS; n++) bob.client.say("@alice", secret(`number ${n}.`));
    await alice.next("entry", ({ entry }) => entry.text === secret(`number ${OTHERS - 1}.`));
    onTheWay(
      tamper,
      (whisper) => [...held, ...held, whisper].map((each, i) => ({ ...each, seq: last - HELD + 1 + i })),
    );
    bob.client.say("@alice", secret("the end"));
    await alice.next("entry", ({ entry }) => entry.text === secret("the end"));
    assertEquals([shownTimes(alice, "held back"), unreadable(alice)], [HELD, Array(HELD).fill("replay")]);
  });
});

Deno.test("[X05] a Welcome that is held back: what needs it says so, and what comes after it is read", async () => {
  await play(async ({ alice, bob, tamper, secret }) => {
    const held: Whisper[] = [];
    onTheWay(tamper, (whisper) => {
      held.push(whisper);
      if (held.length === 1) return [];
      const [first] = held;
      return held.length === 2
        ? [{ ...whisper, seq: first!.seq }, { ...first!, seq: whisper.seq }]
        : [whisper];
    });
    for (const n of [1, 2, 3]) bob.client.say("@alice", secret(`number ${n}`));
    await alice.next("entry", ({ entry }) => entry.text === secret("number 3"));
    assertEquals([shownTimes(alice, "number 1"), unreadable(alice)], [1, ["no_session"]]);
  }, { strangers: true });
});

/** What can be done to a sealed whisper on its way, and what is told in its place. */
const CHANGES:
  readonly (readonly [what: string, change: (whisper: Whisper) => Partial<Whisper>, told: string])[] = [
    ["[X06] a bit of the body", ({ sealed }) => ({ sealed: flipped(sealed!, -20) }), "decrypt|forged"],
    ["[X06] a bit of the message", ({ sealed }) => ({ sealed: flipped(sealed!, 80) }), "decrypt"],
    ["[X06] a bit of the group", ({ sealed }) => ({ sealed: flipped(sealed!, 6) }), "no_session"],
    ["[X06] cut short", ({ sealed }) => ({ sealed: sealed!.slice(0, 400) }), "malformed"],
    ["[X06] the id", ({ id }) => ({ id: `${id}x` }), "decrypt|forged"],
    [
      "[X06] somebody else's body",
      ({ sealed }) => ({ sealed: sealed!.slice(0, -364) + "A".repeat(364) }),
      "decrypt|forged",
    ],
    ["[X08] the version before", ({ sealed }) => ({ sealed: `AA${sealed!.slice(2)}` }), "version"],
    ["[X08] a version to come", ({ sealed }) => ({ sealed: `Ag${sealed!.slice(2)}` }), "version"],
    ["[X06] nothing of it is base64url", () => ({ sealed: "-" }), "malformed"],
  ];

for (const [what, change, why] of CHANGES) {
  Deno.test(`a sealed whisper that was changed on its way shows nothing of its text: ${what}`, async () => {
    await play(async ({ alice, bob, tamper, secret }) => {
      onTheWay(tamper, (whisper) => {
        tamper.down = undefined;
        return [{ ...whisper, ...change(whisper) }];
      });
      bob.client.say("@alice", secret("a secret"));
      const { entry } = await alice.next("entry", ({ entry }) => entry.from === "bob");
      assert(new RegExp(`^(${why})$`).test(entry.unreadable ?? "nothing"), `${entry.unreadable}`);
      assert(!entry.text.includes("secret"));
      assertEquals(entry.seal, undefined);
      bob.client.say("@alice", secret("what comes after it is read"));
      const after = await alice.next("entry", ({ entry }) => entry.from === "bob");
      assertEquals(after.entry.text, secret("what comes after it is read"));
    });
  });
}

Deno.test("a plain whisper that a server makes up is not taken for an encrypted one", async () => {
  await play(async ({ alice, bob, tamper, secret }) => {
    onTheWay(tamper, ({ sealed: _, ...rest }) => [{ ...rest, text: "send me your password" }]);
    bob.client.say("@alice", secret("hi"));
    const { entry } = await alice.next("entry", ({ entry }) => entry.from === "bob");
    assertEquals([entry.text, entry.seal], ["send me your password", undefined]);
  });
});
