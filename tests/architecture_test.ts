import { assert, assertEquals } from "@std/assert";
import { closureOf, codeOf, importsOf, sourcePaths } from "./support/imports.ts";

/** What each part of the house may import; the first that fits a path decides. A name ending in / is a folder. */
const WALLS: readonly (readonly [part: string, may: readonly string[]])[] = [
  ["protocol/", ["protocol/", "valibot"]],
  ["server/session.ts", ["protocol/", "server/link.ts"]],
  ["server/session_worker.ts", ["server/link.ts", "server/session.ts", "server/session_lockdown.ts"]],
  ["server/session_lockdown.ts", []],
  ["server/link.ts", ["protocol/"]],
  ["server/store/key_chain.ts", ["protocol/key_texts.ts", "node:crypto"]],
  ["server/store/", ["server/store/", "protocol/schema.ts", "node:sqlite"]],
  // What an operator asks for is done by a program of its own, beside the one that serves.
  ["server/operator/", ["server/", "protocol/", "cli/", "node:sqlite"]],
  ["server/accounts/opaque_worker.ts", [
    "server/accounts/",
    "server/session_lockdown.ts",
    "@serenity-kit/opaque",
  ]],
  ["server/run_serve.ts", ["server/", "cli/"]],
  ["server/options.ts", ["server/limits.ts", "cli/"]],
  ["server/token.ts", ["node:crypto"]],
  ["server/files/file_folder.ts", ["server/files/", "protocol/", "node:fs/promises"]],
  // The runtime's own TLS begins with a listener; over a socket that was accepted there is Node's.
  ["server/tls/", ["server/", "protocol/", "node:buffer", "node:stream", "node:tls"]],
  ["server/", ["server/", "protocol/", "node:timers"]],
  ["client/connect.ts", ["client/", "protocol/", "cli/", "@std/"]],
  ["client/options.ts", ["client/", "protocol/", "cli/"]],
  ["client/memory/", ["client/", "protocol/", "valibot"]],
  // The secrets are in a Worker that loads what it needs to seal and open, and what people compare is made outside.
  ["client/keys/mls.ts", ["client/keys/", "ts-mls"]],
  ["client/keys/mls_config.ts", ["ts-mls"]],
  ["client/keys/records.ts", ["client/keys/", "protocol/schema.ts", "valibot"]],
  ["client/files/transfer_notes.ts", ["client/memory/", "valibot"]],
  ["client/files/cipher.ts", ["client/", "protocol/", "@noble/ciphers/", "node:crypto"]],
  ["client/files/", ["client/", "protocol/", "node:crypto"]],
  ["client/keys/pins.ts", ["client/", "valibot"]],
  ["client/trust/known_server.ts", ["client/", "valibot"]],
  ["client/trust/look.ts", ["node:tls"]],
  ["client/pake/pake_worker.ts", ["client/pake/", "protocol/", "@serenity-kit/opaque"]],
  ["client/terminal/", ["client/", "protocol/", "cli/", "@std/", "node:readline", "node:stream"]],
  // What runs in the browser sees what it shares with the process behind it, and no runtime.
  ["client/gui/page/", [
    "client/",
    "protocol/",
    "cli/",
    "preact",
    "preact/hooks",
    "@preact/signals",
    "@tanstack/virtual-core",
  ]],
  ["client/gui/", ["client/", "protocol/", "cli/", "valibot", "node:crypto", "node:url"]],
  ["client/", ["client/", "protocol/", "cli/", "@std/"]],
  ["cli/", ["cli/", "@std/cli/parse-args", "@scure/bip39/", "deno.json"]],
  ["main.ts", ["cli/", "client/connect.ts", "client/options.ts", "server/run_serve.ts", "server/options.ts"]],
];

const SESSION = [
  "server/link.ts",
  "server/session.ts",
  "server/session_lockdown.ts",
  "server/session_worker.ts",
];

/**
 * Who parses JSON, and of whom. A peer's text is parsed by the codec alone; the client reads its own files, too, and it
 * and its page read each other; what was encrypted for it comes from it, and the store reads what it has written.
 */
const PARSERS = [
  "client/gui/page/link.ts",
  "client/gui/page_text.ts",
  "client/keys/records.ts",
  "client/memory/own_file.ts",
  "protocol/codec.ts",
  "protocol/scan.ts",
  "server/files/file_note.ts",
  "server/store/sql_keys.ts",
];

const LONGEST = 250;
const FEW_LINES = 120;

const paths = await sourcePaths();

function fits(target: string, allowed: string): boolean {
  return target === allowed || (allowed.endsWith("/") && target.startsWith(allowed));
}

Deno.test("every file imports only what its part of the house may", async () => {
  const broken: string[] = [];
  for (const path of paths) {
    const [, may] = WALLS.find(([part]) => fits(path, part))!;
    for (const { target } of await importsOf(path)) {
      if (!may.some((allowed) => fits(target, allowed))) broken.push(`${path} -> ${target}`);
    }
  }
  assertEquals(broken, []);
});

Deno.test("server/ and client/ know nothing of each other, however far one follows their imports", async () => {
  for (const path of paths) {
    const [, side] = path.match(/^(server|client)\//) ?? [];
    if (side === undefined) continue;
    const other = side === "server" ? "client/" : "server/";
    assertEquals((await closureOf(path)).filter((each) => each.startsWith(other)), [], path);
  }
});

Deno.test("a session Worker loads the protocol and its own few files, nothing else", async () => {
  const loaded = await closureOf("server/session_worker.ts");
  assert(loaded.length > SESSION.length);
  assertEquals(loaded.filter((each) => !/^(protocol\/|valibot$)/.test(each) && !SESSION.includes(each)), []);
});

Deno.test("the lockdown is the first thing a session Worker loads", async () => {
  const [first] = (await importsOf("server/session_worker.ts")).filter(({ typesOnly }) => !typesOnly);
  assertEquals(first?.target, "server/session_lockdown.ts");
});

for (const core of ["server/hub.ts", "client/chat_client.ts", "server/session.ts", "protocol/codec.ts"]) {
  Deno.test(`${core} and all it needs names no runtime`, async () => {
    for (const path of await closureOf(core)) {
      if (!path.endsWith(".ts")) continue;
      assert(!/\bDeno\b|\bprocess\.|\bBun\b/.test(await codeOf(path)), `${path} names a runtime`);
    }
  });
}

Deno.test("what runs in the browser names no runtime, checks no schemas, and is imported by nobody else", async () => {
  for (const path of paths) {
    const page = path.startsWith("client/gui/page/");
    for (const each of page ? await closureOf(path) : []) {
      assert(each !== "valibot" && !each.startsWith("node:"), `${path} needs ${each}`);
      if (!/\.tsx?$/.test(each)) continue;
      assert(
        !/\bDeno\b|\bprocess\./.test(await codeOf(each)),
        `${path} needs ${each}, which names a runtime`,
      );
    }
    const targets = page ? [] : (await importsOf(path)).map(({ target }) => target);
    assertEquals(
      targets.filter((each) => each.startsWith("client/gui/page/") && /\.tsx?$/.test(each)),
      [],
      path,
    );
  }
});

Deno.test("the hub needs no socket, no Worker and no SQL", async () => {
  const needs = await closureOf("server/hub.ts");
  const kept = ["connection", "listener", "chunks", "session_host", "workforce", "gate", "serve"];
  for (const each of kept) assert(!needs.includes(`server/${each}.ts`), `the hub needs ${each}.ts`);
  assert(!needs.includes("node:sqlite"));
  for (const path of needs) {
    if (path.endsWith(".ts")) assert(!/\bnew (?:Worker|WebSocket)\b/.test(await codeOf(path)), path);
  }
});

Deno.test("only the codec parses what a peer sent", async () => {
  const parsing: string[] = [];
  for (const path of paths) {
    if (/\bJSON\s*\.\s*parse\b|\.json\(\)/.test(await codeOf(path))) parsing.push(path);
  }
  assertEquals(parsing, PARSERS);
});

Deno.test("nothing is imported in a circle", async () => {
  for (const path of paths) {
    for (const { target, typesOnly } of await importsOf(path)) {
      if (typesOnly || !/\.tsx?$/.test(target)) continue;
      assert(!(await closureOf(target)).includes(path), `${path} -> ${target} -> … -> ${path}`);
    }
  }
});

Deno.test("every file is one idea: none is long, most are short, no name is a drawer for anything", async () => {
  const long: string[] = [];
  let short = 0;
  for (const path of paths) {
    const lines = (await Deno.readTextFile(new URL(`../${path}`, import.meta.url))).split("\n").length - 1;
    if (lines > LONGEST) long.push(`${path}: ${lines} lines`);
    if (lines < FEW_LINES) short++;
  }
  assertEquals(long, []);
  assert(short > paths.length * 0.75, `only ${short} of ${paths.length} files are short`);
  assertEquals(
    paths.filter((path) => /(?:^|\/)(?:utils?|helpers?|misc|common|types|manager)\.tsx?$/.test(path)),
    [],
  );
});

Deno.test("standard output and error are written in a few places only", async () => {
  const writing: string[] = [];
  for (const path of paths) {
    if (/\bconsole\s*\.|\bDeno\.std(?:out|err)\b/.test(await codeOf(path))) writing.push(path);
  }
  assertEquals(writing.filter((path) => !path.startsWith("client/") && !path.startsWith("cli/")), [
    "server/log.ts",
    "server/run_serve.ts",
  ]);
});
