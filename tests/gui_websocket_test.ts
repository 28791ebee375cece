import { assert, assertEquals } from "@std/assert";
import { FrontDoor } from "../client/gui/front_door.ts";
import { Refused } from "../client/refused.ts";
import { Board } from "../client/gui/board.ts";
import { WindowLink } from "../client/gui/window_link.ts";
import type { Wish } from "../client/gui/wish.ts";
import { GuiSocket, type Pass, passFor } from "./support/gui_socket.ts";
import { eventually } from "./support/house.ts";
import { raw, readAnswer, write } from "./support/raw_http.ts";
import { closedWith, frame, type FrameParts, handshake, text } from "./support/websocket_frames.ts";

const encoder = new TextEncoder();
const quit = { id: 1, wish: { kind: "rooms" } };

/** A door with windows behind it, and wishes that are written down. */
class Rig implements AsyncDisposable {
  readonly wishes: Wish[] = [];
  windows = 0;
  grant: (wish: Wish) => Promise<unknown> = () => Promise.resolve(null);
  readonly board = new Board({ version: "0", server: "here", attended: (count) => this.windows = count });
  readonly door = new FrontDoor({
    assets: new Map(),
    dropped: () => Promise.resolve(undefined),
    exchanged: () => {},
    entered: (socket) =>
      new WindowLink(socket, {
        opened: (link) => this.board.add(link),
        asked: (wish) => {
          this.wishes.push(wish);
          return this.grant(wish);
        },
        answering: () => this.board.flush(),
        closed: (link) => this.board.delete(link),
      }),
  });

  async pass(): Promise<Pass> {
    return await passFor(this.door.invite());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.board.close();
    await this.door[Symbol.asyncDispose]();
  }
}

Deno.test("websocket: only the page itself comes in, with cookie and token [I03] [I04]", async () => {
  await using rig = new Rig();
  const pass = await rig.pass();
  const other = await rig.pass();
  const { port, origin, token, cookie } = pass;
  const [name = "", value = ""] = cookie.split("=");
  const odd: Record<string, string | null>[] = [
    ...[
      null,
      "null",
      "",
      "http://evil.test",
      `http://127.0.0.1:${port + 1}`,
      `http://localhost:${port}`,
      `https://127.0.0.1:${port}`,
      `${origin}/`,
      `${origin}.evil.test`,
      "file://",
      `http://127.0.0.2:${port}`,
      `${origin}, http://evil.test`,
    ].map((Origin) => ({ Origin })),
    ...[
      null,
      "",
      name,
      `${name}=`,
      `${name}=${value}x`,
      `${name}=${value.slice(1)}`,
      `${name}="${value}"`,
      `chat=${value}`,
      `x${cookie}`,
      `${name}=x; ${cookie}`,
      `${cookie}; ${name}=x`,
      other.cookie,
      `${name}=${token}`,
    ].map((Cookie) => ({ Cookie })),
    ...[
      null,
      "",
      "chat",
      token,
      `chat, ${token}x`,
      `chat, ${token.slice(1)}`,
      `chat, `,
      `${token}, chat`,
      `chat, ${token}, chat`,
      `chat, ${other.token}`,
      `chat, ${value}`,
      `CHAT, ${token}`,
    ].map((each) => ({ "Sec-WebSocket-Protocol": each })),
  ];
  for (const each of odd) {
    const { status, body } = await raw(port, handshake(pass, { ...each, Connection: "Upgrade, close" }));
    assertEquals([status, body], [403, ""], JSON.stringify(each));
  }
  for (const Host of ["evil.test", `localhost:${port}`, "127.0.0.1", `[::1]:${port}`]) {
    assertEquals((await raw(port, handshake(pass, { Host, Connection: "close" }))).status, 421);
  }
  const unfit: Record<string, string | null>[] = [
    ...[null, "8", "12", "14", "", "13, 8"].map((each) => ({ "Sec-WebSocket-Version": each })),
    ...[null, "", "x", "dGhlIHNhbXBsZSBub25jZQ", "dGhlIHNhbXBsZSBub25jZR==", "a".repeat(24)].map((each) => ({
      "Sec-WebSocket-Key": each,
    })),
    ...[null, "", "h2c", "websocket2"].map((Upgrade) => ({ Upgrade })),
    ...["keep-alive", "close", "upgraded"].map((Connection) => ({ Connection })),
  ];
  for (const each of unfit) {
    assertEquals((await raw(port, handshake(pass, each))).status, 400, JSON.stringify(each));
  }
  assertEquals(rig.windows, 0);
  await using _one = await GuiSocket.open(pass);
  await using _two = await GuiSocket.open(pass); // another tab of the same browser
  await using _three = await GuiSocket.open(other);
  assertEquals(rig.windows, 3);
});

Deno.test("websocket: over 300 bad frames each end their own window, and nothing else [I11]", async () => {
  await using rig = new Rig();
  const pass = await rig.pass();
  await using witness = await GuiSocket.open(pass);
  const payload = encoder.encode(JSON.stringify(quit));
  const broken: FrameParts[] = [
    ...[1, 2, 3, 4, 5, 6, 7].flatMap((rsv) =>
      [0, 1, 2, 8, 9, 10].map((opcode) => ({ rsv, opcode, payload }))
    ),
    ...[3, 4, 5, 6, 7, 11, 12, 13, 14, 15].flatMap((opcode) =>
      [true, false].flatMap((fin) => [new Uint8Array(), payload].map((payload) => ({ opcode, fin, payload })))
    ),
    ...[8, 9, 10].flatMap((opcode) => [{ opcode, fin: false }, { opcode, fin: false, payload }]),
    // The runtime does not mind a pong that is too long.
    ...[8, 9].flatMap((
      opcode,
    ) => [{ opcode, payload: new Uint8Array(126) }, { opcode, payload: new Uint8Array(1_000) }]),
    ...[0, 64, 125, 1_000].flatMap((size) => [{ opcode: 0, payload: new Uint8Array(size) }]), // continues nothing
    ...[1n << 63n, (1n << 64n) - 1n, (1n << 63n) - 1n, 1n << 40n, 1n << 32n].flatMap((claimed) =>
      [0, 1, 2].map((opcode) => ({ opcode, claimed }))
    ),
    ...utf8().map((payload) => ({ opcode: 1, payload })),
  ];
  const ill: readonly (readonly [bytes: Uint8Array, code: number])[] = [
    ...NO_JSON.map((each) => [text(each), 1007] as const),
    ...badWishes().map((each) => [text(each), 1008] as const),
    ...[0, 1, 125, 126, 65_536].map((size) =>
      [frame({ opcode: 2, payload: new Uint8Array(size) }), 1003] as const
    ),
    ...[65_537, 65_538, 100_000, 1_000_000].map((size) =>
      [frame({ opcode: 1, payload: new Uint8Array(size).fill(32) }), 1009] as const
    ),
    [text("é".repeat(32_769)), 1009],
  ];
  assert(broken.length + ill.length >= 300, `${broken.length} + ${ill.length}`);
  for (const [at, parts] of broken.entries()) {
    const code = await closedWith(pass, frame(parts));
    assert(code === undefined || code === 1002 || code === 1007 || code === 1009, `${at}: ${code}`);
  }
  for (const [bytes, code] of ill) {
    const said = new TextDecoder().decode(bytes.subarray(0, 120));
    assertEquals(await closedWith(pass, bytes), code, said);
  }
  // In pieces, and with a piece of something else between.
  const [first, second] = [payload.subarray(0, 9), payload.subarray(9)];
  for (
    const parts of [
      [frame({ opcode: 1, fin: false, payload: first }), frame({ opcode: 1, payload: second })],
      [frame({ opcode: 1, fin: false, payload: first }), frame({ opcode: 2, payload: second })],
      [frame({ opcode: 0, fin: false, payload: first }), frame({ opcode: 0, payload: second })],
    ]
  ) {
    const code = await closedWith(pass, concat(parts));
    assert(code === undefined || code === 1002, `${code}`);
  }
  assertEquals(rig.wishes, []);
  await eventually("all others are gone", () => rig.windows === 1);
  assertEquals(await witness.wish({ kind: "rooms" }), null);
  assertEquals(rig.wishes, [{ kind: "rooms" }]);
});

Deno.test("websocket: a wish may be as long as 64 KiB, and come in pieces", async () => {
  await using rig = new Rig();
  const pass = await rig.pass();
  const wish = JSON.stringify({ id: 1, wish: { kind: "say", to: "#lobby", text: "a" } });
  const whole = encoder.encode(wish.padEnd(65_536));
  const pieces = [0, 20_000, 40_000].map((at, index) =>
    frame({
      opcode: index === 0 ? 1 : 0,
      fin: index === 2,
      payload: whole.subarray(at, index === 2 ? undefined : at + 20_000),
    })
  );
  const bye = frame({ opcode: 8, payload: Uint8Array.of(3, 232) });
  assertEquals(await closedWith(pass, concat([frame({ opcode: 1, payload: whole }), ...pieces, bye])), 1000);
  assertEquals(rig.wishes.length, 2);
});

Deno.test("websocket: a wish that is refused, or fails, is answered; too many at once are not [I11]", async () => {
  await using rig = new Rig();
  await using view = await GuiSocket.open(await rig.pass());
  rig.grant = () => Promise.reject(new Refused("no_such_room", "There is none"));
  const refused = await view.wish({ kind: "rooms" }).then(() => "granted", (error: Error) => error.message);
  assertEquals(refused, "no_such_room");
  rig.grant = () => Promise.reject(new TypeError("a mistake of ours"));
  assertEquals(await view.wish({ kind: "rooms" }).catch((error: Error) => error.message), "failed");
  const gate = Promise.withResolvers<null>();
  rig.grant = () => gate.promise;
  for (let count = 0; count <= 256; count++) void view.wish({ kind: "rooms" });
  assertEquals(await view.closed, 1008);
  gate.resolve(null);
});

Deno.test("websocket: a window that does not read is given up, and others are not held up by it [I11]", async () => {
  await using rig = new Rig();
  const pass = await rig.pass();
  using slow = await Deno.connect({ hostname: "127.0.0.1", port: pass.port });
  await write(slow, encoder.encode(handshake(pass)));
  assertEquals((await readAnswer(slow)).status, 101);
  await using quick = await GuiSocket.open(pass);
  await eventually("both are there", () => rig.windows === 2);
  const message = "x".repeat(500_000);
  let told = 0;
  await eventually("the slow one is given up", async () => {
    rig.board.tell({ kind: "notice", code: "x", message });
    rig.board.flush();
    told++;
    await quick.until(() => quick.news.length >= told);
    return rig.windows === 1;
  });
  assert(told * message.length > 8 * 1024 * 1024, `after ${told}`);
  assertEquals(await quick.wish({ kind: "rooms" }), null);
});

const NO_JSON = [
  ...[
    "",
    " ",
    "{",
    "}",
    "[",
    "nul",
    "undefined",
    "NaN",
    "'x'",
    "{'id':1}",
    '{"id":1,}',
    "\u0000",
    "\ufeff{}",
    "1 2",
  ],
  ...[
    "{}{}",
    '{"id":01}',
    '"\u0001"',
    '"\\x"',
    "[1,]",
    "+1",
    ".5",
    "0x10",
    "Infinity",
    "// x",
    "<html>",
    "GET / HTTP/1.1",
  ],
  ...["[".repeat(60_000), '{"a":'.repeat(10_000)],
];

/** JSON that no page of ours sends. */
function badWishes(): readonly string[] {
  const wish = { kind: "say", to: "#lobby", text: "x" };
  const odd: unknown[] = [null, true, 1, -1, 1.5, 1e300, "", "x", [], [1], {}, { id: 1 }, "\u0000", {
    toString: 1,
  }];
  const wishes: unknown[] = [
    ...odd,
    ...odd.map((kind) => ({ kind })),
    ...odd.filter((to) => to !== "").map((to) => ({ ...wish, to })),
    ...odd.filter((each) => typeof each !== "string").map((each) => ({ ...wish, text: each })),
    ...odd.filter((each) => each !== 1 && each !== 1e300).map((each) => ({
      kind: "read",
      to: "#lobby",
      seq: each,
    })),
    ...odd.filter((each) => !Array.isArray(each) || each.length > 0).map((marks) => ({
      kind: "shown",
      marks,
    })),
    ...odd.map((level) => ({ kind: "level", to: "#lobby", level })),
    ...odd.filter((each) => typeof each !== "string").map((name) => ({ kind: "name", name })),
    ...["eval", "exec", "open_file", "constructor", "__proto__", "toString"].map((kind) => ({ kind })),
    { ...wish, more: 1 },
    { ...wish, text: "a".repeat(16_001) },
    { ...wish, to: `#${"a".repeat(256)}` },
    { kind: "search", query: "a".repeat(257) },
    { kind: "signIn", password: "a".repeat(1_025) },
    { kind: "shown", marks: [["#lobby", 1, 2]] },
    { kind: "shown", marks: [["lobby", 1]] },
    { kind: "devices", device: 1 },
  ];
  const ids = [0, -1, 1.5, "1", null, [], {}, true];
  return [
    ...odd.map((each) => JSON.stringify(each)),
    ...wishes.map((each) => JSON.stringify({ id: 1, wish: each })),
    ...ids.map((id) => JSON.stringify({ id, wish: { kind: "rooms" } })),
    JSON.stringify({ wish: { kind: "rooms" } }),
    JSON.stringify({ id: 1, wish: { kind: "rooms" }, more: 1 }),
    '{"id":1,"wish":{"__proto__":{"kind":"rooms"}}}',
    "[".repeat(1_000) + "]".repeat(1_000),
  ];
}

/** What is no UTF-8. */
function utf8(): Uint8Array[] {
  const bad = [
    [0x80],
    [0xbf],
    [0xc0, 0x80],
    [0xc1, 0xbf],
    [0xc2],
    [0xe0, 0x80, 0x80],
    [0xe2, 0x82],
    [0xed, 0xa0, 0x80],
    [0xed, 0xbf, 0xbf],
    [0xf0, 0x80, 0x80, 0x80],
    [0xf4, 0x90, 0x80, 0x80],
    [0xf5, 0x80, 0x80, 0x80],
    [0xf8, 0x88, 0x80, 0x80, 0x80],
    [0xfe],
    [0xff],
    [0xff, 0xfe],
  ];
  return bad.flatMap((each) => [
    Uint8Array.from(each),
    Uint8Array.of(0x22, ...each, 0x22),
    concat([encoder.encode(JSON.stringify(quit)), Uint8Array.from(each)]),
  ]);
}

function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(parts.flatMap((each) => [...each]));
}
