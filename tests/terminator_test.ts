import { assert, assertEquals, assertRejects } from "@std/assert";
import { writeAll } from "../protocol/write_all.ts";
import { InPlace } from "../server/tls/in_place.ts";
import { LedThrough } from "../server/tls/led_through.ts";
import { shut } from "../server/shut.ts";
import { type Certificate, NAME, selfSigned } from "../server/tls/self_signed.ts";
import type { Terminator, Unwrapped } from "../server/tls/terminator.ts";
import { clientHello } from "./support/client_hello.ts";
import { eventually } from "./support/house.ts";
import { randomFrom } from "./support/random.ts";
import { TlsRig } from "./support/tls_rig.ts";

const WAYS: Readonly<Record<string, (certificate: Certificate) => Terminator>> = {
  "in place": (certificate) => new InPlace(certificate),
  "led through": (certificate) => new LedThrough(certificate),
};
/** More than all buffers on the way have room for. */
const MUCH = 32 * 1024 * 1024;
const PART = 64 * 1024;
/** Not all of it is what counts: TLS 1.3 calls every record the same. */
const RECORD_HEADER = 5;

type Reader = Pick<Unwrapped, "read">;
type Writer = Pick<Unwrapped, "write">;

/** So many bytes, the same ones for the same `random`. */
function noise(size: number, random: () => number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: size }, () => random() * 256);
}

async function readAll(from: Reader, size = Infinity): Promise<Uint8Array> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const buffer = new Uint8Array(PART);
  for (let has = 0; has < size;) {
    const count = await from.read(buffer.subarray(0, Math.min(PART, size - has)));
    if (count === null) break;
    parts.push(buffer.slice(0, count));
    has += count;
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

/** Carries bytes on; the one at `broken`, counted from when that is given, is changed. Never rejects. */
async function carry(from: Deno.TcpConn, to: Deno.TcpConn, change: { broken?: number }): Promise<void> {
  const buffer = new Uint8Array(PART);
  try {
    for (let count; (count = await from.read(buffer)) !== null;) {
      const bytes = buffer.subarray(0, count);
      if (change.broken !== undefined) {
        if (change.broken >= 0 && change.broken < count) bytes[change.broken]! ^= 1;
        change.broken -= count;
      }
      await writeAll(to, bytes);
    }
    await to.closeWrite();
  } catch {
    shut(to);
    shut(from);
  }
}

/**
 * Writes until nobody takes any more, and what is done besides is `done`; resolves with how much was taken once the other
 * side is `gone`.
 */
async function pour(to: Writer, gone: () => void, done = () => Promise.resolve(true)): Promise<number> {
  let taken = 0;
  const pouring = (async () => {
    while (taken < MUCH) taken += await to.write(new Uint8Array(PART));
  })().catch(() => {}); // gone
  while (!await done());
  let before = -1;
  await eventually("nobody takes any more", () => {
    const waits = taken > 0 && taken === before;
    before = taken;
    return waits;
  });
  gone();
  await pouring;
  return taken;
}

const certificate = await selfSigned();
for (const [way, make] of Object.entries(WAYS)) {
  Deno.test(`TLS ${way}: what is written arrives as it is, whatever its size and whatever becomes of the buffer`, async () => {
    await using rig = new TlsRig(certificate, make);
    const { server, client } = await rig.meet();
    const random = randomFrom(1);
    const sizes = [1, 2, 16_383, 16_384, 16_385, PART, PART + 1, 400_000, 3, 1_000_000];
    const sent = sizes.map((size) => noise(size, random));
    const all = new Uint8Array(await new Blob(sent).arrayBuffer());
    for (const [from, to] of [[server, client], [client, server]] as const) {
      const heard = readAll(to, all.length);
      const buffer = new Uint8Array(1_000_000);
      for (const bytes of sent) {
        buffer.set(bytes);
        await writeAll(from, buffer.subarray(0, bytes.length));
        buffer.fill(0xff); // it is ours again
      }
      assertEquals(await heard, all);
    }
  });

  Deno.test(`TLS ${way}: both talk at once, and each reads as little at a time as it likes`, async () => {
    await using rig = new TlsRig(certificate, make);
    const random = randomFrom(5);
    const below = (most: number) => Math.floor(random() * most);
    const heard: number[] = [];
    for (let n = 0; n < 20; n++) {
      const { server, client } = await rig.meet();
      for (const [from, to] of [[server, client], [client, server]] as const) {
        const said = noise(50_000, random);
        const at = heard.push(0) - 1;
        void (async () => {
          for (let has = 0; has < said.length;) {
            const buffer = new Uint8Array(1 + below(3_000));
            const count = await to.read(buffer);
            assertEquals(buffer.subarray(0, count!), said.subarray(has, has + count!));
            heard[at] = has += count!;
            if (below(2) === 0) await new Promise((resolve) => setTimeout(resolve)); // more comes while nobody reads
          }
        })();
        void (async () => {
          for (let has = 0; has < said.length;) {
            const part = said.subarray(has, has + 1 + below(2_000));
            await writeAll(from, part);
            has += part.length;
          }
        })();
      }
    }
    await eventually("all has arrived", () => heard.every((count) => count === 50_000));
  });

  Deno.test(`TLS ${way}: nothing is taken without end for who does not read, or from who is not read`, async () => {
    await using rig = new TlsRig(certificate, make);
    const down = await rig.meet();
    assert(await pour(down.server, () => down.client.close()) < MUCH / 2, "for who does not read");
    await assertRejects(() => writeAll(down.server, new Uint8Array(MUCH)), Error);
    const up = await rig.meet();
    assert(await pour(up.client, () => up.server.close()) < MUCH / 2, "from who is not read");
    const slow = await rig.meet();
    let read = 0;
    const taken = await pour(slow.client, () => slow.server.close(), async () => {
      read += (await slow.server.read(new Uint8Array(4_096)))!;
      return read >= MUCH / 4;
    });
    assert(taken - read < MUCH / 2, "from who is read slowly");
  });

  Deno.test(`TLS ${way}: whoever has said its last still hears the rest`, async () => {
    await using rig = new TlsRig(certificate, make);
    const { server, client } = await rig.meet();
    const random = randomFrom(2);
    const [question, answer] = [noise(1_000, random), noise(500_000, random)];
    await writeAll(client, question);
    await client.closeWrite();
    assertEquals(await readAll(server), question);
    const heard = readAll(client);
    await writeAll(server, answer);
    await server.closeWrite();
    assertEquals(await heard, answer);
  });

  Deno.test(`TLS ${way}: what waits for a peer ends when it, or the connection, is gone`, async () => {
    await using rig = new TlsRig(certificate, make);
    const { server, client } = await rig.meet();
    const reading = server.read(new Uint8Array(1)).catch(() => null);
    client.close();
    assertEquals(await reading, null);
    const other = await rig.meet();
    const [waiting, writing] = [other.server.read(new Uint8Array(1)), pour(other.server, () => {})];
    const ended = Promise.allSettled([waiting, writing]);
    other.server.close();
    other.server.close();
    await ended;
  });

  Deno.test(`[J03] TLS ${way}: 400 broken hellos come to nothing, and the next one is heard`, async () => {
    await using rig = new TlsRig(certificate, make);
    const random = randomFrom(3);
    const below = (most: number) => Math.floor(random() * most);
    for (let n = 0; n < 400; n++) {
      const { near, far } = await rig.sockets();
      const hello = clientHello();
      for (let flips = below(4); flips > 0; flips--) hello[1 + below(hello.length - 1)]! ^= 1 << below(8);
      const cut = n % 3 === 0 ? 1 + below(hello.length - 1) : hello.length;
      await writeAll(far, hello.subarray(0, cut));
      if (n % 3 === 1) await writeAll(far, noise(1 + below(3_000), random));
      const unwrapped = await rig.unwrap(near);
      const greeting = assertRejects(() => unwrapped.handshake());
      if (n % 2 === 0) far.close();
      else if (n % 5 === 0) unwrapped.close();
      else await far.closeWrite();
      await greeting;
      unwrapped.close();
    }
    const { server, client } = await rig.meet();
    await writeAll(client, noise(10, random));
    assertEquals((await readAll(server, 10)).length, 10);
  });

  Deno.test(`[J03] TLS ${way}: a changed record is never read, and ends the connection alone`, async () => {
    await using rig = new TlsRig(certificate, make);
    const random = randomFrom(4);
    const bystander = await rig.meet();
    for (let n = 0; n < 20; n++) {
      const { near, far } = await rig.sockets();
      const between = await rig.sockets();
      const client = await Deno.startTls(between.far, { hostname: NAME, caCerts: [certificate.cert] });
      const change: { broken?: number } = {};
      const carrying = [carry(between.near, far, change), carry(far, between.near, {})];
      const [server] = await Promise.all([rig.unwrap(near), client.handshake()]);
      await server.handshake();
      change.broken = RECORD_HEADER + n * 97;
      const said = noise(10_000, random);
      await writeAll(client, said);
      await client.closeWrite().catch(() => {}); // it may have been hung up on
      const heard = await readAll({ read: (into) => server.read(into).catch(() => null) });
      assert(heard.length < said.length, "one byte of it was changed");
      assertEquals(heard, said.subarray(0, heard.length));
      server.close();
      client.close();
      await Promise.all(carrying);
    }
    await writeAll(bystander.client, noise(10, random));
    assertEquals((await readAll(bystander.server, 10)).length, 10);
  });

  Deno.test(`TLS ${way}: another certificate is for who comes from then on, and one that cannot be used for nobody`, async () => {
    await using rig = new TlsRig(certificate, make);
    const before = await rig.meet();
    const [next, other] = [await selfSigned(), await selfSigned()];
    rig.terminator.renew(next);
    for (
      const broken of [{ ...next, key: other.key }, { ...next, cert: "nothing" }, { ...next, key: "nothing" }]
    ) {
      let thrown = false;
      try {
        rig.terminator.renew(broken);
      } catch {
        thrown = true;
      }
      assert(thrown, "it cannot be used");
    }
    const { server, client } = await rig.meet([next.cert]);
    await writeAll(client, Uint8Array.of(1));
    assertEquals(await readAll(server, 1), Uint8Array.of(1));
    await writeAll(before.client, Uint8Array.of(2));
    assertEquals(await readAll(before.server, 1), Uint8Array.of(2));
  });
}
