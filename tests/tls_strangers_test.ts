import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { KnownServer } from "../client/trust/known_server.ts";
import { SecureDial } from "../client/trust/secure_dial.ts";
import { Unreachable } from "../client/transport.ts";
import type { Limits } from "../server/limits.ts";
import { selfSigned } from "../server/tls/self_signed.ts";
import { clientHello, records } from "./support/client_hello.ts";
import { eventually, type House, openHouse } from "./support/house.ts";
import { type Line, openLine, openLineFrom } from "./support/line.ts";
import { testWith } from "./support/needs.ts";
import { Wire } from "./support/wire.ts";

const ALERT = 0x15;
const HANDSHAKE = 0x16;

async function open(limits: Partial<Limits> = {}): Promise<House> {
  return await openHouse({ limits, tls: { certificate: await selfSigned(), plain: "allowed" } });
}

/** What comes until the server ends it. */
async function rest(line: Line): Promise<Uint8Array> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for (let bytes; (bytes = await line.read());) parts.push(new Uint8Array(bytes));
  line.close();
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

/** Runs openssl's client, which asks to negotiate anew once there is a handshake; resolves with what it tells. */
async function openssl(port: number, ...args: readonly string[]): Promise<string> {
  const process = new Deno.Command("openssl", {
    args: ["s_client", "-connect", `127.0.0.1:${port}`, ...args],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const input = process.stdin.getWriter();
  await input.write(new TextEncoder().encode("R\n")).catch(() => {});
  const { stdout, stderr } = await process.output(); // the server ends it: it says no hello
  await input.close().catch(() => {});
  return new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
}

const OLD: readonly (readonly [what: string, args: readonly string[]])[] = [
  ["TLS 1.0", ["-tls1", "-cipher", "DEFAULT@SECLEVEL=0"]],
  ["TLS 1.1", ["-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0"]],
  ["no forward secrecy", ["-tls1_2", "-cipher", "AES128-GCM-SHA256:@SECLEVEL=0"]],
  ["CBC with SHA-1", ["-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0"]],
  ["nobody's certificate", ["-tls1_2", "-cipher", "aNULL:@SECLEVEL=0"]],
];

for (const [what, args] of OLD) {
  testWith(["openssl"], `[J03] TLS as it should not be any more is refused: ${what}`, async () => {
    await using house = await open();
    const told = await openssl(house.port, ...args);
    assertStringIncludes(told, "CONNECTED");
    assertStringIncludes(told, "Cipher is (NONE)");
    await house.undisturbed();
  });
}

for (const [version, refusal] of [["1.2", "no renegotiation"], ["1.3", "wrong ssl version"]] as const) {
  testWith(["openssl"], `[J03] TLS ${version} is heard, and nothing is negotiated anew`, async () => {
    await using house = await open({ signInSeconds: 1, helloSeconds: 1 });
    const told = await openssl(house.port, `-tls${version.replace(".", "_")}`);
    assert(/Cipher is (TLS|ECDHE)/.test(told) && told.includes(refusal), told);
    await house.undisturbed();
  });
}

Deno.test("[J03] a handshake that stalls is ended, and counts as a stranger until then", async () => {
  await using house = await open({ helloSeconds: 2, signInSeconds: 2, strangersPerAddress: 3 });
  const hello = clientHello();
  const lines: Line[] = [];
  for (const part of [hello, hello.subarray(0, 1), hello.subarray(0, 60)]) {
    const line = await openLineFrom("127.0.0.2", house.port);
    await line.write(part);
    lines.push(line);
  }
  await eventually("they are there", () => house.server.counts().connections === 4);
  using fourth = await Wire.open(house.port, { from: "127.0.0.2" });
  assertEquals((await fourth.hello("fourth") as { code?: string }).code, "ip_limit");
  using elsewhere = await Wire.open(house.port, { from: "127.0.0.3" });
  await elsewhere.signIn("elsewhere");
  const [answered, ...silent] = await Promise.all(lines.map(rest));
  assertEquals(answered![0], HANDSHAKE, "its hello was good");
  for (const bytes of silent) {
    assertEquals(bytes.length, 0, "nothing is said to who has not said what he speaks");
  }
  await eventually("their places are free", () => house.server.counts().connections === 2);
  using again = await Wire.open(house.port, { from: "127.0.0.2" });
  await again.signIn("again");
  await house.undisturbed();
});

Deno.test("[J03] a hello of 16 KB is answered, in one record and in many; one of 16 MB is not waited for", async () => {
  await using house = await open({ helloSeconds: 2, signInSeconds: 2 });
  const large = clientHello(16_000);
  for (const opening of [large, records(large, 1_000), records(large, 50)]) {
    const line = await openLine(house.port);
    await line.write(opening);
    assertEquals((await rest(line))[0], HANDSHAKE);
  }
  const endless = records(
    Uint8Array.of(...large.subarray(0, 5), 1, 0xff, 0xff, 0xff, ...large.subarray(9)),
    1_000,
  );
  const line = await openLine(house.port);
  await line.write(endless);
  const answer = await rest(line);
  assert(answer.length === 0 || answer[0] === ALERT);
  await house.undisturbed();
});

Deno.test("[J03] who is turned away is told so in what he speaks, and a known server is not taken for another", async () => {
  await using house = await open({ connectsPerMinute: 2 });
  const server = await KnownServer.open(undefined);
  const options = {
    host: "127.0.0.1",
    port: house.port,
    plain: false,
    accept: false,
    fingerprint: undefined,
  };
  const dial = new SecureDial({ ...options, server });
  const known = await selfSigned();
  await server.trust({ cert: known.cert });
  for (let n = 0; n < 2; n++) (await openLine(house.port)).close();
  const refused = await dial.dial(() => {}).catch((error) => error);
  assert(refused instanceof Unreachable && /is busy/.test(refused.message), refused.message);
  using plain = await Wire.open(house.port);
  assertEquals((await plain.hello("plain") as { code?: string }).code, "ip_limit");
});

Deno.test("[J03] of those who say nothing nobody is told anything, whether let in or turned away", async () => {
  await using house = await open({ helloSeconds: 0.5, strangersPerAddress: 1 });
  const silent = [await openLine(house.port), await openLine(house.port)];
  for (const line of silent) assertEquals((await rest(line)).length, 0);
  await house.undisturbed();
});
