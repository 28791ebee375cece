import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { exitCode } from "../client/exit_code.ts";
import { Refused } from "../client/refused.ts";
import { SecureDial } from "../client/trust/secure_dial.ts";
import { encode } from "../protocol/codec.ts";
import { serve } from "../server/serve.ts";
import { fingerprintOf } from "../server/tls/fingerprint.ts";
import { type Certificate, selfSigned } from "../server/tls/self_signed.ts";
import { Forge } from "./support/forge.ts";
import { testWith } from "./support/needs.ts";
import { RogueServer } from "./support/rogue_server.ts";
import { temporary } from "./support/temporary.ts";
import { way } from "./support/way.ts";
import { WRONG } from "./support/wrong_certificates.ts";

/** Remembers a server in a folder; resolves with its port, where nobody listens any more. */
async function meet(certificate: Certificate, folder: string): Promise<number> {
  await using server = await serve({ tls: { certificate, plain: "allowed" } });
  using _link = await (await way(server.port, folder)).dial(() => {});
  return server.port;
}

/** Says hello over a link that there is. */
async function speak(dial: SecureDial): Promise<void> {
  using link = await dial.dial(() => {});
  await link.send(encode({ type: "hello", protocol: 1, name: "alice" }));
}

async function refusal(dial: SecureDial): Promise<Refused> {
  return await assertRejects(() => dial.dial(() => {}), Refused) as unknown as Refused;
}

testWith(
  ["openssl"],
  `[J02] ${WRONG.length} wrong certificates: nothing is sent, and the right one stays`,
  async () => {
    using after = new DisposableStack();
    const folder = temporary(after);
    const forge = await Forge.open(folder);
    const [right, authority] = [await selfSigned(), await forge.authority()];
    const before = (await fingerprintOf(right)).toHex();
    const shown = [];
    for (const [what, acceptable, make] of WRONG) {
      shown.push({ what, acceptable, wrong: await make(forge, right, authority) });
    }
    await Promise.all(shown.map(async ({ what, acceptable, wrong }, i) => {
      const knows = `${folder}/known-${i}`;
      const port = await meet(right, knows);
      const pin = await Deno.readTextFile(`${knows}/server.json`);
      await using rogue = await RogueServer.open(wrong, port);
      const { code, message } = await refusal(await way(port, knows));
      assertEquals(exitCode({ kind: "ended", why: "refused", code, message }), 6, what);
      assertStringIncludes(message, `Before it was ${before}`, what);
      const tellsBoth = message.includes(`It shows ${(await fingerprintOf(wrong)).toHex()}`);
      assert(
        tellsBoth || acceptable === "never" && /BadSignature|Unsupported/.test(message),
        `${what}: ${message}`,
      );
      if (acceptable === "never") {
        for (const dial of [await way(port, knows, { accept: true }), await way(port, undefined)]) {
          const { code, message } = await refusal(dial);
          assertEquals([code, /nothing was sent/.test(message)], ["tls", true], `${what}: ${message}`);
        }
      }
      assertEquals(await rogue.heard(), "", what);
      assertEquals(await Deno.readTextFile(`${knows}/server.json`), pin, what);
    }));
  },
);

testWith(
  ["openssl"],
  "[J02] what was refused can be accepted, from which on it is what is known",
  async () => {
    using after = new DisposableStack();
    const folder = temporary(after);
    const forge = await Forge.open(folder);
    const right = await selfSigned();
    const acceptable = WRONG.filter(([, acceptable]) => acceptable === "can be accepted");
    for (const [i, [what, , make]] of acceptable.entries()) {
      const knows = `${folder}/known-${i}`;
      const port = await meet(right, knows);
      await using rogue = await RogueServer.open(await make(forge, right, right), port);
      await speak(await way(port, knows, { accept: true }));
      await speak(await way(port, knows));
      assertEquals((await rogue.heard()).match(/"type":"hello"/g)?.length, 2, what);
      await using _first = await serve({ port, tls: { certificate: right, plain: "allowed" } });
      assertEquals((await refusal(await way(port, knows))).code, "server_changed", what);
    }
  },
);

testWith(
  ["openssl"],
  "[J02] a certificate that is made anew for the same key is of the same server",
  async () => {
    using after = new DisposableStack();
    const folder = temporary(after);
    const right = await selfSigned();
    const port = await meet(right, `${folder}/known`);
    const renewed = await (await Forge.open(folder)).make({ key: right.key });
    await using rogue = await RogueServer.open(renewed, port);
    await speak(await way(port, `${folder}/known`));
    assertStringIncludes(await rogue.heard(), '"type":"hello"');
  },
);

testWith(["openssl"], "[J02] an address with a fingerprint is for who has the key, too", async () => {
  using after = new DisposableStack();
  const folder = temporary(after);
  const [right, other] = [await selfSigned(), await selfSigned()];
  const fingerprint = (await fingerprintOf(right)).toHex();
  const [, , copied] = WRONG.find(([what]) => what === "itself, without its key")!;
  await using rogue = await RogueServer.open(await copied(await Forge.open(folder), right, right));
  assertEquals((await refusal(await way(rogue.port, undefined, { fingerprint }))).code, "tls");
  assertEquals(await rogue.heard(), "");
  // Who is known is not who is meant.
  const port = await meet(other, `${folder}/known`);
  await using _server = await serve({ port, tls: { certificate: other, plain: "allowed" } });
  const { code, message } = await refusal(await way(port, `${folder}/known`, { fingerprint }));
  assertEquals(code, "server_changed");
  for (const each of [fingerprint, (await fingerprintOf(other)).toHex()]) assertStringIncludes(message, each);
});
