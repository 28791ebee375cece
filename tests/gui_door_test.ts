import { assert, assertEquals, assertMatch, assertNotEquals, assertRejects } from "@std/assert";
import type { Asset } from "../client/gui/assets.ts";
import { FrontDoor } from "../client/gui/front_door.ts";
import { passFor } from "./support/gui_socket.ts";
import { eventually } from "./support/house.ts";
import { Program } from "./support/program.ts";
import { raw, type RawAnswer } from "./support/raw_http.ts";

const PAGE = "the page";
const asset: Asset = { type: "text/html; charset=utf-8", bytes: new TextEncoder().encode(PAGE) };
const HEADERS = [
  "x-content-type-options: nosniff",
  "cross-origin-resource-policy: same-origin",
  "cross-origin-opener-policy: same-origin",
  "referrer-policy: no-referrer",
  "cache-control: no-store",
  "x-frame-options: DENY",
];

function openDoor(): FrontDoor {
  const assets = new Map([["/", asset], ["/gui.js", asset]]);
  return new FrontDoor({
    assets,
    entered: (socket) => socket.close(),
    dropped: () => Promise.resolve(undefined),
    exchanged: () => {},
  });
}

function get(port: number, path: string, { host = `127.0.0.1:${port}`, method = "GET" } = {}) {
  return raw(port, `${method} ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
}

interface Post {
  readonly secret?: string;
  readonly body?: string;
  readonly origin?: string | null;
  readonly type?: string | null;
  readonly host?: string;
}

function post(port: number, { secret = "", body, origin, type, host }: Post): Promise<RawAnswer> {
  const text = body ?? JSON.stringify({ secret });
  const lines = [
    "POST /session HTTP/1.1",
    `Host: ${host ?? `127.0.0.1:${port}`}`,
    ...origin === null ? [] : [`Origin: ${origin ?? `http://127.0.0.1:${port}`}`],
    ...type === null ? [] : [`Content-Type: ${type ?? "application/json"}`],
    `Content-Length: ${new TextEncoder().encode(text).length}`,
    "Connection: close",
  ];
  return raw(port, `${lines.join("\r\n")}\r\n\r\n${text}`);
}

function secretOf(address: string): string {
  return new URL(address).hash.slice(1);
}

Deno.test("door: the page is there for whoever asks this machine for it, with all that protects it [I09] [I10]", async () => {
  await using door = openDoor();
  const { status, head, body } = await get(door.port, "/");
  assertEquals([status, body], [200, PAGE]);
  for (const each of HEADERS) assert(head.includes(each), each);
  const [, policy = ""] = /^content-security-policy: (.*)$/m.exec(head.replaceAll("\r", "")) ?? [];
  assertEquals(
    policy,
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; " +
      `connect-src 'self' ws://127.0.0.1:${door.port}; base-uri 'none'; form-action 'none'; ` +
      "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
  );
});

Deno.test("door: another name for this machine is none [I01]", async () => {
  await using door = openDoor();
  const { port } = door;
  const secret = secretOf(door.invite());
  const hosts = [
    "evil.test",
    `evil.test:${port}`,
    "127.0.0.1",
    `127.0.0.1:${port + 1}`,
    `127.0.0.1:0${port}`,
    `127.0.0.1:${port}.`,
    `127.0.0.1.:${port}`,
    `127.0.0.1:${port}:`,
    `localhost:${port}`,
    `LOCALHOST:${port}`,
    `localhost.:${port}`,
    `[::1]:${port}`,
    `[::ffff:127.0.0.1]:${port}`,
    `127.1:${port}`,
    `127.0.1:${port}`,
    `2130706433:${port}`,
    `0x7f000001:${port}`,
    `0x7f.0.0.1:${port}`,
    `0177.0.0.1:${port}`,
    `127.0.0.2:${port}`,
    `0.0.0.0:${port}`,
    `0:${port}`,
    `127.0.0.1:${port}@evil.test`,
    `user@127.0.0.1:${port}`,
    `127.0.0.1:${port}, evil.test`,
    `evil.test, 127.0.0.1:${port}`,
    `127.0.0.1:${port}/`,
    `http://127.0.0.1:${port}`,
    `127.0.0.1:${port}.evil.test`,
    `127.0.0.1.evil.test:${port}`,
    `%31%32%37.0.0.1:${port}`,
    "",
  ];
  for (const host of hosts) {
    for (const answer of [await get(port, "/", { host }), await post(port, { secret, host })]) {
      assertEquals(answer.body, "", host);
      assertEquals(answer.status, 421, host);
    }
  }
  assertEquals((await raw(port, "GET / HTTP/1.0\r\n\r\n")).status, 421);
  assertEquals((await raw(port, "GET / HTTP/1.1\r\nConnection: close\r\n\r\n")).status, 421);
  const two = `GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nHost: evil.test\r\n\r\n`;
  assertEquals((await raw(port, two)).status, 400);
  assertEquals((await post(port, { secret })).status, 200); // nothing of that has used it up
});

Deno.test("door: a page from elsewhere exchanges no secret, not even the right one [I02] [I03]", async () => {
  await using door = openDoor();
  const { port } = door;
  const secret = secretOf(door.invite());
  const origins = [
    null,
    "null",
    "",
    "http://evil.test",
    `http://evil.test:${port}`,
    "http://127.0.0.1",
    `http://127.0.0.1:${port + 1}`,
    `https://127.0.0.1:${port}`,
    `ws://127.0.0.1:${port}`,
    `http://127.0.0.2:${port}`,
    `http://localhost:${port}`,
    `http://[::1]:${port}`,
    `http://127.0.0.1:${port}/`,
    `http://127.0.0.1:${port}.evil.test`,
    `http://evil.test/http://127.0.0.1:${port}`,
    `HTTP://127.0.0.1:${port}`,
    `http://127.1:${port}`,
    `http://2130706433:${port}`,
    `http://127.0.0.1:${port}, http://evil.test`,
    `http://user@127.0.0.1:${port}`,
    "file://",
    "chrome-extension://abcdefghijklmnop",
  ];
  for (const origin of origins) assertEquals((await post(port, { secret, origin })).status, 403, `${origin}`);
  const types = [
    null,
    "",
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/json; charset=utf-8",
    "application/jsonx",
    "text/json",
    "text/plain; application/json",
  ];
  for (const type of types) assertEquals((await post(port, { secret, type })).status, 403, `${type}`);
  const { status, body, head } = await post(port, { secret });
  assertEquals(status, 200);
  assertMatch(JSON.parse(body).token, /^[\w-]{43}$/);
  assertMatch(head, new RegExp(`set-cookie: chat_${port}=[\\w-]{43}; HttpOnly; SameSite=Strict; Path=/`));
});

Deno.test("door: without the secret nobody comes in; with it, one [I04]", async () => {
  await using door = openDoor();
  const { port } = door;
  assertEquals((await post(port, { secret: "" })).status, 403); // nobody was invited
  const first = secretOf(door.invite());
  const secret = secretOf(door.invite());
  assertMatch(secret, /^[\w-]{43}$/);
  assertNotEquals(first, secret);
  const wrong = [
    first,
    "",
    "x",
    secret.slice(1),
    `${secret}=`,
    ` ${secret}`,
    secret.toLowerCase(),
    "A".repeat(43),
  ];
  for (const each of wrong) assertEquals((await post(port, { secret: each })).status, 403, each);
  const bodies = [
    "",
    "null",
    "{",
    secret,
    JSON.stringify(secret),
    JSON.stringify([secret]),
    JSON.stringify({ secret, more: 1 }),
    JSON.stringify({ secret: [secret] }),
    JSON.stringify({ secret: { toString: secret } }),
    `{"__proto__":{"secret":"${secret}"}}`,
    `${JSON.stringify({ secret })}x`,
    " ".repeat(1_100) + JSON.stringify({ secret }),
    JSON.stringify({ secret: secret.repeat(10_000) }),
  ];
  for (const body of bodies) assertEquals((await post(port, { body })).status, 403, body.slice(0, 80));
  const several = await Promise.all(Array.from({ length: 8 }, () => post(port, { secret })));
  assertEquals(several.map(({ status }) => status).sort(), [200, 403, 403, 403, 403, 403, 403, 403]);
  assertEquals((await post(port, { secret })).status, 403);
  assertEquals((await post(port, { secret: secretOf(door.invite()) })).status, 200);
});

Deno.test("door: only what is there is there, whatever a path is made of [I12]", async () => {
  await using door = openDoor();
  const { port } = door;
  const ups = [
    "..",
    ".",
    "%2e%2e",
    "%2E.",
    "..%2f",
    "%252e%252e",
    "..%5c",
    "..\\",
    "....//",
    "%c0%ae%c0%ae",
    "..;",
    "~",
  ];
  const files = [
    "etc/passwd",
    "gui.js",
    "index.html",
    "page/app.tsx",
    "deno.json",
    "",
    "main.ts",
    "%00",
    "gui.js%00.html",
    "c:/windows/win.ini",
  ];
  const paths = [
    ...ups.flatMap((up) => files.flatMap((file) => [`/${up}/${file}`, `/${up}/${up}/${file}`])),
    ...[
      "//",
      "/?",
      "/?x=1",
      "/gui.js?",
      "/gui.js/",
      "/GUI.JS",
      "/gui%2ejs",
      "/%67ui.js",
      "/gui.js;x",
      "/gui.js#x",
    ],
    ...[
      "//127.0.0.1/gui.js",
      "/http://evil.test/",
      "/session/",
      "/events/",
      "/Events",
      "/favicon.ico",
      "/.git/config",
    ],
    ...[
      "gui.js",
      "*",
      "?",
      "http://evil.test/../gui.js",
      "/gui.js\\",
      "/ gui.js",
      "/\u00e9",
      `/${"a/".repeat(2_000)}`,
    ],
  ];
  assert(paths.length >= 200, `${paths.length} paths`);
  for (const path of paths) {
    const { status, body } = await get(port, path);
    assert(status === 404 || status === 400, `${path}: ${status}`);
    assertEquals(body, "", path);
  }
});

Deno.test("door: other methods and heads without end are refused [I12]", async () => {
  await using door = openDoor();
  const { port } = door;
  const methods = [
    "POST",
    "HEAD",
    "PUT",
    "DELETE",
    "OPTIONS",
    "PATCH",
    "TRACE",
    "PROPFIND",
    "LOCK",
    "get",
    "GETT",
    "X",
  ];
  for (const method of methods) {
    for (const path of ["/", "/gui.js", "/events"]) {
      const { status, head, body } = await get(port, path, { method });
      assertEquals([status, body], [405, ""], `${method} ${path}`);
      assert(/^allow: GET$/im.test(head.replaceAll("\r", "")));
    }
  }
  for (const method of ["GET", "HEAD", "PUT", "OPTIONS"]) {
    assertEquals((await get(port, "/session", { method })).status, 405);
  }
  const long = `GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nX: ${"a".repeat(1_000_000)}\r\n\r\n`;
  assert([400, 431].includes((await raw(port, long)).status));
  const many = `GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${"X: a\r\n".repeat(10_000)}\r\n`;
  assert([400, 431].includes((await raw(port, many)).status));
  for (
    const odd of [
      "\r\n\r\n",
      "GET\r\n\r\n",
      "\0\0\0\0\r\n\r\n",
      "GET / HTTP/9.9\r\n\r\n",
      "\x16\x03\x01\x02\x00\x01",
    ]
  ) {
    assertNotEquals((await raw(port, `${odd}\r\n\r\n`)).status, 200);
  }
  assertEquals((await get(port, "/")).body, PAGE);
});

Deno.test("door: it listens where only this machine reaches it, on a port that nobody sat on before [I13] [I14]", async () => {
  await using door = openDoor();
  await using other = openDoor();
  assertNotEquals(door.port, other.port);
  assertEquals(await listeners(door.port), ["0100007F"]); // 127.0.0.1, as /proc writes it
  const elsewhere = Deno.networkInterfaces().filter(({ address }) => address !== "127.0.0.1");
  for (const hostname of ["127.0.0.2", ...elsewhere.map(({ address }) => address)]) {
    await assertRejects(() => Deno.connect({ hostname, port: door.port }));
  }
});

Deno.test("door: no argument of a program has the secret; the file that leads there is the owner's, and soon gone [I05]", async () => {
  await using stack = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir({ prefix: "chat-test-" });
  stack.defer(() => Deno.remove(folder, { recursive: true }));
  const shown = `${folder}/shown`;
  // A browser that writes down what it is given, and stays while the folder is there.
  const browser =
    `#!/bin/sh\necho "$0 $*" > ${shown}.new\nmv ${shown}.new ${shown}\nwhile [ -e "$0" ]; do sleep 0.05; done\n`;
  await Deno.writeTextFile(`${folder}/chromium`, browser, { mode: 0o755 });
  const env = { PATH: `${folder}:${Deno.env.get("PATH")}`, DISPLAY: ":99", XDG_RUNTIME_DIR: folder };
  const gui = stack.use(new Program({ env }, "connect", "127.0.0.1:1", "--gui"));
  await eventually("the browser was started", () => exists(shown));
  const [, path = ""] = / --app=file:\/\/(\S+)$/.exec((await Deno.readTextFile(shown)).trim()) ?? [];
  const page = await Deno.readTextFile(path);
  const [address = ""] = /http:\/\/127\.0\.0\.1:\d+\/#[\w-]{43}/.exec(page) ?? [];
  assertEquals((await Deno.stat(path)).mode! & 0o777, 0o600);
  const told: string[] = [];
  for await (const { name } of Deno.readDir("/proc")) {
    if (/^\d+$/.test(name)) told.push(await Deno.readTextFile(`/proc/${name}/cmdline`).catch(() => ""));
  }
  const started = told.filter((line) => line.includes(path));
  assertEquals(started.length, 1);
  assertEquals(told.filter((line) => line.includes(secretOf(address))), []);
  await passFor(address);
  await eventually("the file is gone", async () => !await exists(path));
  gui.signal("SIGINT");
  assertEquals(await gui.code, 130);
});

/** The addresses, in hex as in /proc, that this port is listened to on. */
async function listeners(port: number): Promise<string[]> {
  const hex = port.toString(16).toUpperCase().padStart(4, "0");
  const tables = await Promise.all(
    ["tcp", "tcp6"].map((each) => Deno.readTextFile(`/proc/net/${each}`).catch(() => "")),
  );
  return [...tables.join("\n").matchAll(new RegExp(`: ([0-9A-F]+):${hex} \\S+ 0A `, "g"))].map(([, at]) =>
    at!
  );
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}
