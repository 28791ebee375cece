import { assert, assertEquals, assertRejects } from "@std/assert";
import { frame } from "../protocol/frames.ts";
import { MAX_BINARY_BYTES, MAX_HELLO_BYTES, MAX_JSON_BYTES } from "../protocol/limits.ts";
import { eventually, type House, openHouse } from "./support/house.ts";
import { concat, framed, only, type Wire } from "./support/wire.ts";

const BINARY = 0x8000_0000;
const STATES = ["before", "after"] as const;

/** Names of those who were closed are held, so each needs its own. */
let mallories = 0;

/** A connection of somebody unknown, or of somebody with a name. */
async function someone(house: House, state: typeof STATES[number]): Promise<Wire> {
  return state === "before" ? await house.open() : await house.enter(`mallory-${++mallories}`);
}

function header(value: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

/** A binary frame with a payload of so many bytes. */
function binary(size: number): Uint8Array<ArrayBuffer> {
  const bytes = frame(new Uint8Array(size));
  bytes[0]! |= 0x80;
  return bytes;
}

/** A request as JSON of exactly so many bytes. */
function padded(request: object, size: number): string {
  const without = new TextEncoder().encode(JSON.stringify({ ...request, pad: "" })).length;
  return JSON.stringify({ ...request, pad: "x".repeat(size - without) });
}

/** The last words of the server to `wire`, which are about `code`. */
async function ends(wire: Wire, code: string): Promise<void> {
  const { message, ...last } = only(await wire.rest(), "error");
  assert(message.length > 0);
  assertEquals(last, { type: "error", code, fatal: true });
}

for (const state of STATES) {
  Deno.test(`[A01] [F3] a frame of 0 bytes ${state} welcome ends the connection`, async () => {
    await using house = await openHouse();
    for (const kind of [0, BINARY]) {
      using wire = await someone(house, state);
      await wire.write(header(kind));
      await ends(wire, "frame_zero");
    }
    await house.undisturbed();
  });

  Deno.test(`[A02] [F3] a frame that is too large ${state} welcome is refused by its header alone`, async () => {
    await using house = await openHouse();
    const [json, bytes] = state === "before"
      ? [MAX_HELLO_BYTES, MAX_HELLO_BYTES]
      : [MAX_JSON_BYTES, MAX_BINARY_BYTES];
    const sizes = [
      0x10000 + 5,
      0x20000,
      0xff_ffff,
      0x0100_0000,
      0x2000_0000,
      0x4000_0000,
      0x7fff_fffe,
      0x7fff_ffff,
    ];
    const headers = [
      ...[json + 1, json + 2, ...sizes],
      ...[bytes + 1, bytes + 2, ...sizes].map((size) => size + BINARY),
    ];
    assert(headers.length >= 20);
    for (const value of headers) {
      using wire = await someone(house, state);
      await wire.write(header(value));
      await ends(wire, "frame_size");
    }
    await house.undisturbed();
  });

  Deno.test(`[A02] the body of a frame refused ${state} welcome is never kept, however long it goes on`, async () => {
    await using house = await openHouse();
    using wire = await someone(house, state);
    const slice = new Uint8Array(64 * 1024);
    const before = Deno.memoryUsage().rss;
    let sent = 0;
    await assertRejects(async () => {
      await wire.write(header(0x7fff_ffff));
      for (; sent < 4 * 1024 ** 3; sent += slice.length) await wire.write(slice);
    }); // the server has closed
    const grown = Deno.memoryUsage().rss - before; // by garbage of the test's own, too
    assert(
      grown < Math.max(sent / 2, 128 * 1024 * 1024),
      `after ${sent} bytes the server has grown by ${grown}`,
    );
    await house.undisturbed();
  });

  Deno.test(`[A06] [F6] a frame that drips in ${state} welcome ends with frame_slow`, async () => {
    await using house = await openHouse({ limits: { frameSeconds: 0.3 } });
    const bytes = framed({ type: "ping", ref: "r".repeat(60) });
    await Promise.all([1, 3, 4, 5, 20].map(async (begun) => {
      using wire = await someone(house, state);
      await wire.write(bytes.subarray(0, begun));
      const dripping = (async () => {
        for (let at = begun; at < bytes.length; at++) {
          await new Promise((resolve) => setTimeout(resolve, 50));
          await wire.write(bytes.subarray(at, at + 1));
        }
      })().catch(() => {}); // closed under its hands
      await ends(wire, "frame_slow");
      await dripping;
    }));
    await house.undisturbed();
  });
}

Deno.test("[A03] [F3] a hello of 4,096 bytes is welcome, of 4,097 it is too large, of 4,095 it is not", async () => {
  await using house = await openHouse();
  for (const [size, accepted] of [[4_095, true], [4_096, true], [4_097, false]] as const) {
    using wire = await house.open();
    await wire.send(padded({ type: "hello", protocol: 1, name: `of-${size}` }, size));
    if (accepted) assertEquals((await wire.until("welcome")).name, `of-${size}`);
    else await ends(wire, "frame_size");
  }
  await house.undisturbed();
});

Deno.test("[A03] [F3] a message of 65,536 bytes arrives whole, of 65,537 not at all", async () => {
  await using house = await openHouse();
  const text = "𝕏".repeat(4_000); // as long as a text may be, in characters and in bytes
  for (const size of [65_535, 65_536]) {
    using wire = await house.enter(`of-${size}`);
    await wire.send(padded({ type: "message", room: "lobby", id: `m-${size}`, text }, size));
    assertEquals((await house.witness.until("message")).text, text);
  }
  using wire = await house.enter("of-65537");
  await wire.send(padded({ type: "message", room: "lobby", id: "m", text: "short" }, 65_537));
  await ends(wire, "frame_size");
  await house.undisturbed();
});

Deno.test("[A03] [F2] [F3] a binary frame of 65,540 bytes has no channel, of 65,541 it is too large", async () => {
  await using house = await openHouse();
  using wire = await house.enter("mallory");
  for (const size of [1, 3, 4, 5, 65_539, 65_540]) {
    await wire.write(binary(size));
    const { code, fatal } = await wire.until("error");
    assertEquals([code, fatal], ["unknown_channel", undefined]);
  }
  await wire.write(binary(65_541));
  await ends(wire, "frame_size");
  await house.undisturbed();
});

Deno.test("[F2] before welcome a binary frame is answered with not_signed_in", async () => {
  await using house = await openHouse();
  using wire = await house.open();
  await wire.write(binary(4_096));
  assertEquals((await wire.until("error")).code, "not_signed_in");
  await wire.signIn("late");
  await house.undisturbed();
});

Deno.test("[F3] the large limits hold from the frame after an accepted hello, even in the same read", async () => {
  await using house = await openHouse();
  using wire = await house.open();
  const long = framed(padded({ type: "ping", ref: "long" }, 65_536));
  await wire.write(framed({ type: "hello", protocol: 1, name: "witness" }));
  assertEquals((await wire.until("error")).code, "name_taken");
  await wire.write(framed({ type: "hello", protocol: 1, name: "mallory" }), long, binary(65_540));
  await wire.until("pong", ({ ref }) => ref === "long");
  assertEquals((await wire.until("error")).code, "unknown_channel");
  await house.undisturbed();
});

Deno.test("[F3] a refused hello does not raise the limits, even for what follows in the same read", async () => {
  await using house = await openHouse();
  using wire = await house.open();
  const long = framed(padded({ type: "ping" }, 4_097));
  await wire.send({ type: "hello", protocol: 1, name: "witness" });
  assertEquals((await wire.until("error")).code, "name_taken");
  await wire.write(framed({ type: "hello", protocol: 1, name: "server" }), long);
  assertEquals((await wire.until("error")).code, "name_reserved");
  await ends(wire, "frame_size");
  await house.undisturbed();
});

Deno.test("[F4] what follows a fatal error is not done, not even what came with it", async () => {
  await using house = await openHouse();
  const message = framed({ type: "message", room: "lobby", id: "m", text: "unseen" });
  for (const last of [header(0), framed("{"), framed("\xff\xfe".repeat(3)), framed('{"a":1,"a":1}')]) {
    using wire = await someone(house, "after");
    await wire.write(concat(last, message));
    const events = await wire.rest();
    assertEquals(events.at(-1)?.type, "error");
    assertEquals(events.filter(({ type }) => type === "message"), []);
  }
  await house.undisturbed();
});

Deno.test("[A05] [F5] a message cut short by the end of the connection is never told, wherever it was cut", async () => {
  await using house = await openHouse();
  const bytes = framed(padded({ type: "message", room: "lobby", id: "cut", text: "unseen" }, 300));
  for (let k = 0; k < bytes.length; k++) {
    using wire = await house.enter(`cut-${k}`);
    await wire.write(bytes.subarray(0, k));
    if (k % 2 === 0) await wire.closeWrite();
  }
  await eventually("all of them are gone", () => house.server.counts().connections === 1);
  await house.undisturbed();
});

const STRANGERS: Readonly<Record<string, string>> = {
  "HTTP GET": "GET /secret?canary HTTP/1.1\r\nHost: chat\r\n\r\n",
  "HTTP POST": "POST / HTTP/1.1\r\nContent-Length: 6\r\n\r\ncanary",
  "HTTP/2": "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\ncanary",
  "SSH": "SSH-2.0-OpenSSH_9.9 canary\r\n",
  "IRC": "NICK canary\r\nUSER canary 0 * :canary\r\n",
  "SMTP": "EHLO canary\r\n",
  "Redis": "*1\r\n$6\r\ncanary\r\n",
  "memcached": "stats canary\r\n",
  "FTP": "USER canary\r\n",
  "NATS": 'CONNECT {"name":"canary"}\r\nPING\r\n',
  "JSON lines": '{"type":"hello","name":"canary"}\n',
  "TLS": "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03canary",
  "RDP": "\x03\x00\x00\x2f\x2a\xe0\x00\x00\x00\x00\x00Cookie: mstshash=canary\r\n",
};

for (const [protocol, opening] of Object.entries(STRANGERS)) {
  Deno.test(`[A17] ${protocol} on our port is a frame that is too large, and none of it comes back`, async () => {
    await using house = await openHouse();
    using wire = await house.open();
    await wire.write(Uint8Array.from(opening, (char) => char.charCodeAt(0)));
    await ends(wire, "frame_size");
    assert(!wire.payloads.join().includes("canary"));
    await house.undisturbed();
  });
}
