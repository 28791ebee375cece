import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { linkBytes, statementBytes } from "../protocol/key_texts.ts";
import type { Event, Statement } from "../protocol/schema.ts";
import { serve } from "../server/serve.ts";
import { MemoryStore } from "../server/store/memory.ts";
import { NO_LIMITS } from "../server/limits.ts";
import { Keyring } from "./support/keyring.ts";
import type { Tamper } from "./support/tampered.ts";
import type { Watched } from "./support/watched.ts";

type Keys = Extract<Event, { type: "keys" }>;
type Whisper = Extract<Event, { type: "whisper" }>;

/** Alice, whose server is the attacker, and Bob. */
interface Scene {
  readonly alice: Watched;
  readonly bob: Watched;
  readonly tamper: Tamper;
  readonly port: number;
  /** What the server has stored of their whispers. */
  readonly stored: () => Promise<string>;
  /** The hash of the last link in the key log, of two. */
  readonly last: () => Promise<string>;
}

/** Both have whispered to each other once, unless they are `strangers`. */
async function play(act: (scene: Scene) => Promise<void>, { strangers = false } = {}): Promise<void> {
  const store = new MemoryStore();
  await using server = await serve({ limits: NO_LIMITS, store });
  const tamper: Tamper = {};
  await using ring = await Keyring.make(server.port);
  await using bob = await ring.registered("bob");
  await using alice = await ring.registered("alice", server.port, tamper);
  if (!strangers) {
    alice.client.say("@bob", "hello");
    await bob.next("entry", ({ to }) => to === "@alice");
    bob.client.say("@alice", "hello yourself");
    await alice.next("entry", ({ entry }) => entry.from === "bob");
  }
  const stored = async () => JSON.stringify(await store.read("@alice bob", { limit: 1_000 }));
  const last = async () => (await store.keys.keyLog(1, 1))[0]!.hash;
  await act({ alice, bob, tamper, port: server.port, stored, last });
}

/** Makes the server show something else in place of Bob's keys, from now on. */
function showing(tamper: Tamper, change: (keys: Keys) => Keys): void {
  tamper.down = (event) => event.type === "keys" && event.user === "bob" ? [change(event)] : undefined;
}

/** A whisper that must not leave: it is refused with this code, and nothing of it is stored anywhere. */
async function refusedWith(code: string, { alice, stored }: Scene): Promise<void> {
  alice.client.say("@bob", "canary in the mine");
  const refused = await alice.next("refused");
  assertEquals([refused.code, refused.draft.text], [code, "canary in the mine"]);
  assert(!(await stored()).includes("canary"));
}

/** A statement of somebody else, signed by a key that is not Bob's. */
async function forged(counter: number, devices: Statement["devices"] = [], name = "bob"): Promise<Statement> {
  const pair = await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"]) as CryptoKeyPair;
  const text = (bytes: ArrayBuffer) =>
    new Uint8Array(bytes).toBase64({ alphabet: "base64url", omitPadding: true });
  const said = { key: text(await crypto.subtle.exportKey("raw", pair.publicKey)), counter, devices };
  const signature = text(await crypto.subtle.sign("Ed25519", pair.privateKey, statementBytes(name, said)));
  return { ...said, signature };
}

Deno.test("[X03] an older statement than the last is refused", async () => {
  await play(async (scene) => {
    let first: Statement | undefined;
    showing(scene.tamper, (keys) => {
      first ??= keys.statement;
      return keys;
    });
    await scene.alice.client.keys!.words("bob");
    await using other = await Keyring.make(scene.port);
    await using _laptop = await other.withPassword("bob");
    await scene.alice.client.keys!.words("bob");
    showing(scene.tamper, (keys) => ({ ...keys, statement: first }));
    refresh(scene);
    await refusedWith("key_rollback", scene);
  });
});

Deno.test("[X11] a device that the account has not signed is not sealed for", async () => {
  await play(async (scene) => {
    const eve = { id: "E".repeat(22), key: "E".repeat(43) };
    showing(scene.tamper, (keys) => {
      const { statement } = keys;
      return { ...keys, statement: { ...statement!, devices: [...statement!.devices, eve] } };
    });
    refresh(scene);
    await refusedWith("key_forged", scene);
  });
});

Deno.test("[X02] another key in place of the one known stops everything, and says so", async () => {
  await play(async (scene) => {
    const other = await forged(9);
    showing(scene.tamper, (keys) => ({ ...keys, statement: other }));
    refresh(scene);
    await refusedWith("split_view", scene); // it is not in the key log
  });
});

Deno.test("[X02] the same with a key log that fits: nothing is sent until the key is accepted", async () => {
  await play(async (scene) => {
    const other = await forged(9);
    await rewriting(scene.tamper, await scene.last(), other.key);
    const down = scene.tamper.down!;
    scene.tamper.down = (event) =>
      event.type === "keys" && event.user === "bob" ? [{ ...event, statement: other, n: 3 }] : down(event);
    refresh(scene);
    await refusedWith("key_changed", scene);
    assertEquals(scene.alice.client.keys!.privacy("bob"), "changed");
    assert(scene.alice.seen.some((event) => event.kind === "keys" && event.code === "key_changed"));
  });
});

Deno.test("[X07] keys that were known cannot be taken away so that it is said in clear", async () => {
  await play(async (scene) => {
    showing(scene.tamper, ({ statement: _, n: __, packages: ___, ...keys }) => keys);
    refresh(scene);
    await refusedWith("no_key", scene);
  });
});

Deno.test("[X07] a server that calls all keys stale for ever gets nothing in clear", async () => {
  await play(async ({ alice, tamper, stored }) => {
    let refused = 0;
    tamper.up = (request) => {
      if (request.type !== "whisper") return undefined;
      assertEquals(request.text, undefined);
      return undefined;
    };
    tamper.down = (event) => {
      if (event.type !== "whisper" || event.from !== "alice") return undefined;
      refused++;
      return [{ type: "error", code: "stale_keys", message: "Again", ref: event.id }];
    };
    alice.client.say("@bob", "canary once more");
    await poll(() => refused >= 3);
    assert(!(await stored()).includes("canary"));
  });
});

Deno.test("[X01] somebody else's key at first contact: the words are not the same", async () => {
  await play(async ({ alice, bob, tamper, last }) => {
    const other = await forged(1, [{ id: "E".repeat(22), key: "E".repeat(43) }]);
    await rewriting(tamper, await last(), other.key);
    const down = tamper.down!;
    tamper.down = (event) =>
      event.type === "keys" && event.user === "bob" ? [{ ...event, statement: other, n: 3 }] : down(event);
    const hers = await alice.client.keys!.words("bob");
    const his = await bob.client.keys!.words("alice");
    assertNotEquals(hers.words, his.words);
    assertEquals(alice.client.keys!.privacy("bob"), "e2e", "not verified");
  }, { strangers: true });
});

Deno.test("[X04] a whisper that is repeated, under whatever number, is not shown twice: 10,000 times", async () => {
  await play(async ({ alice, bob, tamper }) => {
    const REPEATS = 10_000;
    let last: Whisper | undefined;
    tamper.down = (event) => {
      if (event.type !== "whisper" || event.from !== "bob") return undefined;
      last = event;
      return [event, ...Array.from({ length: REPEATS }, (_, i) => ({ ...event, seq: event.seq + 1 + i }))];
    };
    bob.client.say("@alice", "only once");
    await alice.until(() => alice.count("entry") >= REPEATS + 3); // with two hellos
    assert(last);
    const texts = alice.seen.flatMap((event) => event.kind === "entry" ? [event.entry] : []);
    assertEquals(texts.filter(({ text }) => text === "only once").length, 1);
    assertEquals(texts.filter(({ unreadable }) => unreadable === "replay").length, REPEATS);
  });
});

Deno.test("[X05] what the server drops is told as missing", async () => {
  await play(async ({ alice, bob, tamper }) => {
    let dropped = 0;
    tamper.down = (event) => {
      if (event.type !== "whisper" || event.from !== "bob") return undefined;
      return dropped++ === 0 ? [] : [{ ...event, seq: event.seq - 1 }];
    };
    bob.client.say("@alice", "dropped");
    bob.client.say("@alice", "seen");
    assertEquals((await alice.next("entry", ({ entry }) => entry.from === "bob")).entry.text, "seen");
    await alice.until(() => alice.seen.some((event) => event.kind === "keys" && event.code === "missing"));
  });
});

/** What can be done to a sealed whisper on its way, and what is told in its place. */
const CHANGES:
  readonly (readonly [what: string, change: (whisper: Whisper) => Partial<Whisper>, told: string])[] = [
    ["[X06] a bit of the body", ({ sealed }) => ({ sealed: flipped(sealed!, -20) }), "decrypt|forged"],
    [
      "[X06] a bit of the message",
      ({ sealed }) => ({ sealed: flipped(sealed!, 80) }),
      "decrypt|no_session|malformed",
    ],
    ["[X06] a bit of the group", ({ sealed }) => ({ sealed: flipped(sealed!, 6) }), "no_session"],
    ["[X06] cut short", ({ sealed }) => ({ sealed: sealed!.slice(0, 400) }), "malformed|decrypt|forged"],
    ["[X06] the id", ({ id }) => ({ id: `${id}x` }), "decrypt|forged"],
    ["[X08] the version", ({ sealed }) => ({ sealed: `Aw${sealed!.slice(2)}` }), "version"],
    ["nothing of it is base64url", () => ({ sealed: "-" }), "malformed"],
  ];

for (const [what, change, told] of CHANGES) {
  Deno.test(`a sealed whisper that was changed on its way shows nothing of its text: ${what}`, async () => {
    await play(async ({ alice, bob, tamper }) => {
      tamper.down = (event) =>
        event.type === "whisper" && event.from === "bob" ? [{ ...event, ...change(event) }] : undefined;
      bob.client.say("@alice", "a secret");
      const { entry } = await alice.next("entry", ({ entry }) => entry.from === "bob");
      assert(new RegExp(`^(${told})$`).test(entry.unreadable ?? "nothing"), `${entry.unreadable}`);
      assert(!entry.text.includes("secret"));
      assertEquals(entry.seal, undefined);
    });
  });
}

Deno.test("a plain whisper that a server makes up is not taken for an encrypted one", async () => {
  await play(async ({ alice, bob, tamper }) => {
    tamper.down = (event) => {
      if (event.type !== "whisper" || event.from !== "bob") return undefined;
      const { sealed: _, ...rest } = event;
      return [{ ...rest, text: "send me your password" }];
    };
    bob.client.say("@alice", "hi");
    const { entry } = await alice.next("entry", ({ entry }) => entry.from === "bob");
    assertEquals([entry.text, entry.seal], ["send me your password", undefined]);
  });
});

Deno.test("packages that are not of the account's devices are not used", async () => {
  await play(async (scene) => {
    const { statement } = await new Promise<Keys>((resolve) => {
      scene.tamper.down = (event) => {
        if (event.type === "keys" && event.user === "bob") resolve(event);
        return undefined;
      };
      void scene.alice.client.keys!.words("bob");
    });
    const [device] = statement!.devices;
    scene.tamper.down = (event) => {
      if (event.type !== "keys" || event.packages === undefined || event.user !== "bob") return undefined;
      return [{ ...event, packages: [{ device: device!.id, package: "AQ" }] }];
    };
    await refusedWith("key_forged", scene);
  }, { strangers: true });
});

Deno.test("the key log cannot be rewritten, nor what was seen of it taken back", async () => {
  await play(async ({ alice, tamper }) => {
    const other = await forged(9);
    tamper.down = (event) => {
      if (event.type === "keys" && event.user === "bob") return [{ ...event, statement: other, n: 3 }];
      if (event.type !== "key_log") return undefined;
      return [{ ...event, entries: [{ n: 3, user: "bob", key: other.key, hash: "0".repeat(64) }] }];
    };
    await assertRejects(() => alice.client.keys!.words("bob"));
    assert(alice.seen.some((event) => event.kind === "keys" && event.code === "key_log"));
  });
});

Deno.test("two who are shown different key logs find out with the next whisper", async () => {
  await play(async ({ alice, bob, tamper, last }) => {
    const carol = await forged(1, [], "carol");
    await rewriting(tamper, await last(), carol.key, "carol");
    const down = tamper.down!;
    tamper.down = (event) =>
      event.type === "keys" && event.user === "carol"
        ? [{ type: "keys", user: "carol", statement: carol, n: 3, ...event.ref ? { ref: event.ref } : {} }]
        : event.type === "error" && event.code === "unknown_user"
        ? [{ type: "keys", user: "carol", statement: carol, n: 3, ...event.ref ? { ref: event.ref } : {} }]
        : down(event);
    await alice.client.keys!.look("carol").catch(() => {});
    alice.client.say("@bob", "and now?");
    await bob.until(() => bob.seen.some((event) => event.kind === "keys" && event.code === "split_view"));
  });
});

/** What was known may be old: as after an answer that says so. */
function refresh({ alice }: Scene): void {
  alice.client.keys!.stale("bob");
}

/** Shows a log that goes on with another key behind what alice has seen, its hash right. */
async function rewriting(tamper: Tamper, last: string, key: string, user = "bob"): Promise<void> {
  const before = tamper.down;
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", linkBytes(last, { n: 3, user, key })))
    .toHex();
  tamper.down = (event) => {
    if (event.type !== "key_log") return before?.(event);
    return [{ ...event, entries: [{ n: 3, user, key, hash }], more: false }];
  };
}

async function poll(reached: () => boolean): Promise<void> {
  while (!reached()) await new Promise((resolve) => setTimeout(resolve, 10));
}

function flipped(text: string, at: number): string {
  const place = at < 0 ? text.length + at : at;
  const other = text[place] === "A" ? "B" : "A";
  return text.slice(0, place) + other + text.slice(place + 1);
}
