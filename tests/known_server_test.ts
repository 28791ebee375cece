import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { serve, type Server } from "../server/serve.ts";
import { fingerprintOf } from "../server/tls/fingerprint.ts";
import { type Certificate, selfSigned } from "../server/tls/self_signed.ts";
import { Forge } from "./support/forge.ts";
import { testWith } from "./support/needs.ts";
import { run } from "./support/program.ts";
import { RogueServer } from "./support/rogue_server.ts";
import { temporary } from "./support/temporary.ts";

const HOST = "127.0.0.1";

async function open(certificate: Certificate, port = 0): Promise<Server> {
  return await serve({ port, tls: { certificate, plain: "allowed" } });
}

/** Runs the program, which says a line, with what it keeps in a folder. */
async function say(port: number, state: string, env: Record<string, string>, ...more: readonly string[]) {
  const args = ["connect", `${HOST}:${port}`, "--name", "alice", "--timeout", "5", ...more];
  return await run(args, "a secret line\n", { state, env });
}

function pinOf(state: string, port: number): Promise<string> {
  return Deno.readTextFile(`${state}/chat/${HOST}_${port}/server.json`);
}

testWith(
  ["openssl"],
  "[J02] the program stops with 6 at another certificate, says nothing, and goes on with --accept-new-key",
  async () => {
    using after = new DisposableStack();
    const state = temporary(after);
    const [right, other] = [await selfSigned(), await selfSigned()];
    const { port } = await (async () => {
      await using server = await open(right);
      assertEquals((await say(server.port, state, {})).code, 0);
      return server;
    })();
    const pin = await pinOf(state, port);
    {
      await using rogue = await RogueServer.open(other, port);
      const { code, out, err } = await say(port, state, {});
      assertEquals([code, out], [6, ""]);
      for (const each of [right, other]) assertStringIncludes(err, (await fingerprintOf(each)).toHex());
      assertEquals(await rogue.heard(), "");
      assertEquals(await pinOf(state, port), pin);
    }
    await using _server = await open(other, port);
    assertEquals((await say(port, state, {}, "--accept-new-key")).code, 0);
    assert(await pinOf(state, port) !== pin);
    assertEquals((await say(port, state, {})).code, 0, "the new one is known");
  },
);

testWith(
  ["openssl"],
  "[J02] a server that an authority vouches for is known by that: nothing else will do later",
  async () => {
    using after = new DisposableStack();
    const [state, folder] = [temporary(after), temporary(after)];
    const forge = await Forge.open(folder);
    const by = await forge.authority();
    await Deno.writeTextFile(`${folder}/trusted.pem`, by.cert);
    const env = { DENO_CERT: `${folder}/trusted.pem` };
    const names = `IP:${HOST}`;
    const { port } = await (async () => {
      await using server = await open(await forge.make({ names, by }));
      const { code, err } = await say(server.port, state, env);
      assertEquals([code, err.includes("first time")], [0, false], "nothing is to be compared");
      return server;
    })();
    {
      await using _renewed = await open(await forge.make({ names, by }), port);
      assertEquals((await say(port, state, env)).code, 0);
    }
    const pin = await pinOf(state, port);
    const wrong: readonly (readonly [what: string, certificate: Certificate])[] = [
      ["its own", await forge.make({ names })],
      ["of a server without a name", await selfSigned()],
      ["of another authority", await forge.make({ names, by: await forge.authority() })],
      ["for another", await forge.make({ names: "IP:127.0.0.2", by })],
      ["over", await forge.make({ names, by, until: "20210101000000Z" })],
      ["not valid yet", await forge.make({ names, by, from: "20480101000000Z" })],
    ];
    for (const [what, certificate] of wrong) {
      await using rogue = await RogueServer.open(certificate, port);
      const { code, err } = await say(port, state, env);
      assertEquals(code, 6, what);
      assertStringIncludes(err, (await fingerprintOf(certificate)).toHex(), what);
      assertEquals(await rogue.heard(), "", what);
      assertEquals(await pinOf(state, port), pin, what);
    }
  },
);
