import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { NO_LIMITS } from "../server/limits.ts";
import { serve } from "../server/serve.ts";
import { eventually } from "./support/house.ts";
import { Keyring } from "./support/keyring.ts";
import { asked, helloWith, registered } from "./support/member.ts";
import type { Tamper } from "./support/tampered.ts";
import type { Watched } from "./support/watched.ts";
import { Wire } from "./support/wire.ts";

const PASSWORD = "correct horse battery";
/** What one may take of one account at once; and what an account has with the server. */
const AT_ONCE = 10;
const STOCK = 20;

interface Scene {
  readonly bob: Watched;
  readonly ring: Keyring;
  /** Packages that Bob has published, the last resort apart. */
  readonly published: () => number;
  /** Takes packages of Bob, one after the other, as somebody who may be new. */
  readonly take: (name: string, times: number) => Promise<string[]>;
}

async function play(act: (scene: Scene) => Promise<void>): Promise<void> {
  await using after = new AsyncDisposableStack();
  const server = after.use(await serve({ limits: NO_LIMITS, workers: 1 }));
  const ring = after.use(await Keyring.make(server.port));
  let published = 0;
  const tamper: Tamper = {
    up(request) {
      if (request.type === "publish") published += request.packages?.length ?? 0;
      return undefined;
    },
  };
  const bob = after.use(await ring.registered("bob", server.port, tamper));
  await eventually("Bob has filled up", () => published >= STOCK);
  const known = new Set<string>();
  const take = async (name: string, times: number) => {
    using wire = await Wire.open(server.port);
    if (known.has(name)) await helloWith(wire, name, PASSWORD);
    else {
      const enrolled = await registered(wire, name, PASSWORD);
      assert(enrolled.type === "enrolled");
      await wire.signIn(name, { session: enrolled.session });
    }
    known.add(name);
    const taken: string[] = [];
    for (let n = 0; n < times; n++) {
      const answer = await asked(wire, { type: "keys", user: "bob", take: true }, "keys");
      assert(answer.type === "keys");
      assertEquals(answer.packages?.length, 1);
      taken.push(answer.packages![0]!.package);
    }
    return taken;
  };
  await act({ bob, ring, published: () => published, take });
}

Deno.test("[X14] [K4] one requester gets ten packages of an account, then its last resort; others still get their own", () =>
  play(async ({ take }) => {
    const mallory = await take("mallory", AT_ONCE + 5);
    const single = mallory.slice(0, AT_ONCE);
    assertEquals(new Set(single).size, AT_ONCE, "each is given out once");
    assertEquals(new Set(mallory.slice(AT_ONCE)).size, 1);
    const [last] = mallory.slice(AT_ONCE);
    assert(!single.includes(last!));
    assertEquals(await take("mallory", 3), [last, last, last], "over another connection it is the same");
    const carol = await take("carol", 1);
    assert(!mallory.includes(carol[0]!), "Carol gets one of her own");
  }));

Deno.test("[X14] where all are used up there is the last resort: what is sealed for it is read, and fills up again", () =>
  play(async ({ bob, ring, published, take }) => {
    const all = [...await take("mallory", AT_ONCE), ...await take("mallet", AT_ONCE)];
    assertEquals(new Set(all).size, STOCK);
    const [last, ...others] = await take("eve", 3);
    assertEquals(new Set([last, ...others]).size, 1);
    const before = published();
    assertEquals(before, STOCK);
    await using alice = await ring.registered("alice");
    alice.client.say("@bob", "is anybody there?");
    const { entry } = await bob.next("entry", ({ to }) => to === "@alice");
    assertEquals([entry.text, entry.seal], ["is anybody there?", "e2e"]);
    await eventually("Bob has filled up again, signed in as he is", () => published() >= before + STOCK);
    const [fresh] = await take("carol", 1);
    assertNotEquals(fresh, last);
    assert(!all.includes(fresh!));
  }));

Deno.test("[X14] a client that signs in fills up what was taken meanwhile", () =>
  play(async ({ bob, ring, take }) => {
    await bob.client.bye();
    const all = [...await take("mallory", AT_ONCE), ...await take("mallet", AT_ONCE)];
    const [last] = await take("eve", 1);
    assert(!all.includes(last!));
    await using back = await ring.back("bob");
    await back.client.keys!.look("bob");
    const [fresh] = await take("carol", 1);
    assert(fresh !== last && !all.includes(fresh!));
  }));
