import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { linkBytes } from "../protocol/key_texts.ts";
import { NO_LIMITS } from "../server/limits.ts";
import { serve, type Server } from "../server/serve.ts";
import { MemoryStore } from "../server/store/memory.ts";
import { Keyring } from "./support/keyring.ts";
import { forged } from "./support/mitm.ts";
import { Program, run } from "./support/program.ts";
import { TamperingProxy } from "./support/tampering_proxy.ts";
import type { Watched } from "./support/watched.ts";

const PASSWORD = "correct horse battery";

/** Bob, and Alice who is a script: they have whispered, and Alice has compared Bob's key. */
interface Scene {
  readonly after: AsyncDisposableStack;
  readonly store: MemoryStore;
  readonly proxy: TamperingProxy;
  readonly folder: string;
  readonly bob: Watched;
  readonly server: Server;
  readonly args: (
    name?: string,
    at?: { readonly port: number },
  ) => readonly [{ readonly state: string }, ...string[]];
  readonly alice: (args: readonly string[], input: string) => ReturnType<typeof run>;
  /** The password of Bob is reset: he has another key then, on another machine. */
  readonly anotherKey: () => Promise<Watched>;
}

async function play(act: (scene: Scene) => Promise<void>): Promise<void> {
  await using after = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir();
  after.defer(() => Deno.remove(folder, { recursive: true }));
  await Deno.writeTextFile(`${folder}/password`, `${PASSWORD}\n`, { mode: 0o600 });
  const store = new MemoryStore();
  const server = after.use(await serve({ limits: NO_LIMITS, store, files: `${folder}/kept` }));
  const [ring, others] = [await Keyring.make(server.port), await Keyring.make(server.port)];
  for (const each of [ring, others]) after.use(each);
  const bob = after.use(await ring.registered("bob"));
  const proxy = after.use(new TamperingProxy(server.port));
  const args: Scene["args"] = (name = "alice", { port } = proxy) =>
    [
      { state: `${folder}/state-${name}` },
      "connect",
      `127.0.0.1:${port}`,
      "--plain",
      "--name",
      name,
      "--register",
      "--password-file",
      `${folder}/password`,
    ] as const;
  const alice = async (more: readonly string[], input: string) => {
    const [surroundings, ...words] = args();
    return await run([...words, ...more], input, surroundings);
  };
  const anotherKey = async () => {
    const [account] = (await store.people.accounts()).filter(({ name }) => name === "bob");
    await bob.client.bye();
    store.keys.repassed(account!.id, undefined);
    return after.use(await others.withPassword("bob"));
  };
  const first = await alice(["--to", "bob"], "hello\n");
  assertEquals([first.code, first.err], [0, ""]);
  assertMatch(first.out, /@bob <alice> hello\n$/);
  const { entry } = await bob.next("entry", ({ to }) => to === "@alice");
  assertEquals([entry.text, entry.seal], ["hello", "e2e"]);
  const trust = `${folder}/state-alice/chat/127.0.0.1_${proxy.port}/alice/keys/1/trust.json`;
  const known = JSON.parse(await Deno.readTextFile(trust));
  known.pins.bob.verified = true; // as after /verify bob same
  await Deno.writeTextFile(trust, JSON.stringify(known));
  await act({ after, server, store, proxy, folder, bob, args, alice, anotherKey });
}

Deno.test("[X02] a script whose recipient has another key than was compared sends nothing, says why, and exits with 6", () =>
  play(async ({ store, folder, alice, anotherKey }) => {
    const bob = await anotherKey();
    const said = await alice(["--to", "bob"], "canary one\ncanary two\n");
    assertEquals([said.code, said.out], [6, ""]);
    assertStringIncludes(said.err, "though you had compared it");
    assertStringIncludes(said.err, "/verify bob shows what to do");
    await Deno.writeTextFile(`${folder}/canary.txt`, "a file");
    const sent = await alice(["--to", "@bob", "--send", `${folder}/canary.txt`], "");
    assertEquals([sent.code, sent.out], [6, ""]);
    assertEquals(
      sent.err,
      "chat: @bob: the key has changed, so nothing is sent. Ask bob, then /verify bob shows what to do (key_changed)\n",
    );
    assertEquals(await store.read("@alice bob", { after: 1, limit: 10 }), []);
    assertEquals(await Array.fromAsync(Deno.readDir(`${folder}/kept`)), []);
    const room = await alice([], "for all\n");
    assertEquals([room.code, room.err], [0, ""], "the room is not concerned");
    assertEquals(bob.shown("@alice").filter((text) => text.includes("canary")), []);
  }));

Deno.test("[X02] the same where the key changes while the script runs: what comes after it is refused", () =>
  play(async ({ store, args, anotherKey }) => {
    await using program = new Program(...args(), "--to", "bob");
    await program.write("before\n");
    assertMatch(await program.line(), /before$/);
    await anotherKey();
    await program.end("canary one\ncanary two\n");
    assertEquals([await program.rest(), await program.code], ["", 6]);
    const errors = await program.errors;
    for (const line of ["line 2", "line 3"]) {
      assertStringIncludes(errors, `${line} was refused: bob has another key`);
    }
    assertEquals((await store.read("@alice bob", { after: 2, limit: 10 })).length, 0);
  }));

Deno.test("a script to which the key log is shown rewritten says so, sends nothing, and exits with 6", () =>
  play(async ({ store, proxy, alice }) => {
    const other = await forged(9);
    proxy.tamper.down = (event) => {
      if (event.type === "keys" && event.user === "bob") return [{ ...event, statement: other, n: 3 }];
      if (event.type !== "key_log") return undefined;
      return [{ ...event, entries: [{ n: 3, user: "bob", key: other.key, hash: "0".repeat(64) }] }];
    };
    const { code, out, err } = await alice(["--to", "bob"], "canary\n");
    assertEquals([code, out], [6, ""]);
    assertStringIncludes(err, "The server has rewritten its list of keys");
    assertEquals((await store.read("@alice bob", { after: 1, limit: 10 })).length, 0);
  }));

for (const [what, to] of [["for Alice", ["--to", "alice"]], ["for a room", []]] as const) {
  Deno.test(`two scripts that are shown different keys of a third: found out with the first whisper, and 6 (${what})`, () =>
    play(async ({ store, proxy, bob: { client }, alice, args, server }) => {
      await client.bye();
      const links = await store.keys.keyLog(0, 10);
      const key = (await forged(1)).key;
      const link = { n: 3, user: "carol", key };
      const digest = await crypto.subtle.digest("SHA-256", linkBytes(links.at(-1)!.hash, link));
      const fake = { ...link, hash: new Uint8Array(digest).toHex() };
      await using bob = new Program(...args("bob", server), ...to);
      await bob.write("here I am\n");
      assertMatch(await bob.line(), /here I am$/);
      // From here on Alice is shown a Carol whom nobody else is shown.
      let after = 0;
      proxy.tamper.up = (request) => {
        if (request.type === "key_log") after = request.after ?? 0;
        return undefined;
      };
      proxy.tamper.down = (event) =>
        event.type === "key_log" && after === 2 ? [{ ...event, entries: [fake] }] : undefined;
      const said = await alice(["--to", "bob"], "and now?\n");
      assertEquals(said.code, 0, said.err);
      if (to.length === 0) {
        while (!(await bob.line()).endsWith("and now?"));
        await bob.end("the room is not concerned\n");
      }
      assertEquals(await bob.code, 6);
      assertStringIncludes(await bob.errors, "(split_view)");
    }));
}
