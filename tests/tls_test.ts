import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { encode } from "../protocol/codec.ts";
import { Refused } from "../client/chat_client.ts";
import type { Transport } from "../client/transport.ts";
import { KnownServer } from "../client/trust/known_server.ts";
import { type DialOptions, SecureDial } from "../client/trust/secure_dial.ts";
import { NO_LIMITS } from "../server/limits.ts";
import { serve, type Server } from "../server/serve.ts";
import { fingerprintOf } from "../server/tls/fingerprint.ts";
import { type Certificate, selfSigned } from "../server/tls/self_signed.ts";
import { connect, signedIn } from "./support/watched.ts";

const HOST = "127.0.0.1";
let answers = 0;

async function open(
  certificate: Certificate | undefined,
  { port = 0, plain = "allowed" }: { readonly port?: number; readonly plain?: "allowed" | "refused" } = {},
): Promise<Server> {
  const tls = certificate && { tls: { certificate, plain } };
  return await serve({ port, limits: NO_LIMITS, ...tls });
}

/** A way to a server, of somebody who remembers it in `known`. */
function way(port: number, known: KnownServer, more: Partial<DialOptions> = {}): SecureDial {
  const plain = { plain: false, accept: false, fingerprint: undefined };
  return new SecureDial({ host: HOST, port, server: known, ...plain, ...more });
}

async function afresh(): Promise<KnownServer> {
  return await KnownServer.open(undefined);
}

/** The first bytes that come back for a hello, over a link that is closed then. */
async function answer(link: Transport): Promise<string> {
  await link.send(encode({ type: "hello", protocol: 1, name: `raw${++answers}` }));
  for await (const chunk of link.incoming) {
    link[Symbol.dispose]();
    return new TextDecoder().decode(chunk);
  }
  return "";
}

async function code(dialled: Promise<Transport>): Promise<string> {
  const refused: unknown = await assertRejects(() => dialled, Refused);
  return (refused as Refused).code;
}

Deno.test("one port speaks both: plain frames and TLS, and people meet", async () => {
  await using server = await open(await selfSigned());
  const told: string[] = [];
  const dial = way(server.port, await afresh());
  await using alice = connect(server.port, "alice", { dial: () => dial.dial((notice) => told.push(notice)) });
  await alice.next("online");
  await using bob = await signedIn(server.port, "bob");
  alice.client.say("#lobby", "from inside");
  assertEquals((await bob.next("entry")).entry.text, "from inside");
  bob.client.say("#lobby", "from outside");
  assertEquals((await alice.next("entry", ({ mine }) => !mine)).entry.text, "from outside");
  assertEquals(told.length, 1);
  assertStringIncludes(told[0]!, "first time");
});

Deno.test("--tls required hears nobody who speaks plainly, and says why", async () => {
  await using server = await open(await selfSigned(), { plain: "refused" });
  const plain = way(server.port, await afresh(), { plain: true });
  assertStringIncludes(await answer(await plain.dial(() => {})), '"code":"tls_required"');
  const secure = way(server.port, await afresh());
  assertStringIncludes(await answer(await secure.dial(() => {})), '"type":"welcome"');
});

Deno.test("[J02] a server is known again; one that shows another certificate is not spoken to until that is accepted", async () => {
  const known = await afresh();
  const { port } = await (async () => {
    await using first = await open(await selfSigned());
    await answer(await way(first.port, known).dial(() => {}));
    const told: string[] = [];
    await answer(await way(first.port, known).dial((notice) => told.push(notice)));
    assertEquals(told, [], "nothing is new about it");
    return first;
  })();
  await using _second = await open(await selfSigned(), { port });
  assertEquals(await code(way(port, known).dial(() => {})), "server_changed");
  assertStringIncludes(await answer(await way(port, known, { accept: true }).dial(() => {})), "welcome");
  assertStringIncludes(await answer(await way(port, known).dial(() => {})), "welcome");
});

Deno.test("[J02] an address with a fingerprint is for that server alone", async () => {
  const certificate = await selfSigned();
  await using server = await open(certificate);
  const fingerprint = (await fingerprintOf(certificate)).toHex();
  const told: string[] = [];
  const right = way(server.port, await afresh(), { fingerprint });
  assertStringIncludes(await answer(await right.dial((notice) => told.push(notice))), "welcome");
  assertEquals(told, [], "there was nothing to trust");
  const wrong = way(server.port, await afresh(), { fingerprint: "0".repeat(64) });
  assertEquals(await code(wrong.dial(() => {})), "server_changed");
});

Deno.test("[J01] a server that was seen with TLS is never spoken to without", async () => {
  const known = await afresh();
  const { port } = await (async () => {
    await using first = await open(await selfSigned());
    await answer(await way(first.port, known).dial(() => {}));
    return first;
  })();
  await using _second = await open(undefined, { port });
  assertEquals(await code(way(port, known).dial(() => {})), "server_changed");
  assertEquals(await code(way(port, known, { plain: true }).dial(() => {})), "tls");
});

Deno.test("[J01] without TLS only this machine is spoken to unasked", async () => {
  await using server = await open(undefined);
  assertStringIncludes(await answer(await way(server.port, await afresh()).dial(() => {})), "welcome");
  // A name that leads to this machine, and might lead anywhere.
  const abroad = way(server.port, await afresh(), { host: "0.0.0.0" });
  assertEquals(await code(abroad.dial(() => {})), "tls");
  const asked = way(server.port, await afresh(), { host: "0.0.0.0", plain: true });
  assertStringIncludes(await answer(await asked.dial(() => {})), "welcome");
});

Deno.test("[J04] another certificate is for those who come from then on; who is there stays", async () => {
  await using server = await open(await selfSigned());
  const dial = way(server.port, await afresh());
  await using alice = connect(server.port, "alice", { dial: () => dial.dial(() => {}) });
  await alice.next("online");
  const next = await selfSigned();
  server.renew(next);
  const told: string[] = [];
  const fingerprint = (await fingerprintOf(next)).toHex();
  const late = way(server.port, await afresh(), { fingerprint });
  assertStringIncludes(await answer(await late.dial((notice) => told.push(notice))), "welcome");
  alice.client.say("#lobby", "still here");
  await alice.next("entry");
  assertEquals(alice.count("offline"), 0);
});

Deno.test("[J03] handshakes that come to nothing end, and others are heard", async () => {
  await using server = await open(await selfSigned());
  const openings = [
    "16030100",
    "160301ffff".padEnd(4_000, "0"),
    "1603010005010000010000",
    "16".padEnd(400, "f"),
  ];
  for (const opening of openings) {
    const socket = await Deno.connect({ hostname: HOST, port: server.port });
    await socket.write(Uint8Array.fromHex(opening));
    const buffer = new Uint8Array(4_096);
    while (await socket.read(buffer).catch(() => null) !== null); // the server ends it
    socket.close();
  }
  assertStringIncludes(await answer(await way(server.port, await afresh()).dial(() => {})), "welcome");
  assertEquals(server.counts().users, 1);
});

Deno.test("what goes over the line of a default session shows neither names nor texts", async () => {
  const seen = await Promise.all([false, true].map((plain) => overheard(plain)));
  const [secure, clear] = seen.map((bytes) => new TextDecoder("latin1").decode(bytes));
  for (const canary of ["overheard-name", "overheard text"]) {
    assert(!secure!.includes(canary), canary);
    assert(clear!.includes(canary), `${canary} is looked for where it can be found`);
  }
});

/** All bytes of a session in which something is said, both ways. */
async function overheard(plain: boolean): Promise<Uint8Array> {
  await using server = await open(await selfSigned());
  const heard: Uint8Array[] = [];
  const listener = Deno.listen({ hostname: HOST, port: 0 });
  const pumping: Promise<void>[] = [];
  const accepting = (async () => {
    for await (const here of listener) {
      const there = await Deno.connect({ hostname: HOST, port: server.port });
      pumping.push(pump(here, there, heard), pump(there, here, heard));
    }
  })();
  const dial = way((listener.addr as Deno.NetAddr).port, await afresh(), { plain });
  {
    await using alice = connect(0, "overheard-name", { dial: () => dial.dial(() => {}) });
    await alice.next("online");
    alice.client.say("#lobby", "overheard text");
    await alice.next("entry");
  }
  listener.close();
  await accepting.catch(() => {});
  await Promise.all(pumping);
  return new Uint8Array(await new Blob(heard as Uint8Array<ArrayBuffer>[]).arrayBuffer());
}

async function pump(from: Deno.Conn, to: Deno.Conn, heard: Uint8Array[]): Promise<void> {
  const buffer = new Uint8Array(64 * 1024);
  try {
    for (let count; (count = await from.read(buffer)) !== null;) {
      heard.push(buffer.slice(0, count));
      for (let at = 0; at < count;) at += await to.write(buffer.subarray(at, count));
    }
    await to.closeWrite();
  } catch { /* one of them has gone */ }
  try {
    from.close();
  } catch { /* closed already */ }
}

Deno.test("whoever comes at the same moment as many others gets its handshake, and never a word without TLS", async () => {
  await using server = await open(await selfSigned());
  for (let round = 0; round < 5; round++) {
    const answers = await Promise.all(Array.from({ length: 20 }, async () => {
      const dial = way(server.port, await afresh());
      return await answer(await dial.dial(() => {}));
    }));
    for (const each of answers) assertStringIncludes(each, '"type":"welcome"');
  }
});
