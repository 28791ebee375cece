import { assert, assertEquals, assertRejects } from "@std/assert";
import { createHash } from "node:crypto";
import { safeName } from "../client/files/file_name.ts";
import { Landing } from "../client/files/landing.ts";
import { PIECE_BYTES } from "../client/files/pieces.ts";
import type { Swapping } from "./support/link_swapper.ts";
import { filesUnder } from "./support/state_files.ts";
import { temporary } from "./support/temporary.ts";
import { concat } from "./support/wire.ts";

const SWAPS = 10_000;
const PARTS = [
  ..."../ ..\\ / \\ C:\\ \\\\host\\share\\ ~/ ~/.ssh/ file:// %2e%2e%2f ..%2f ／ ⁄ ∕ ⧵ ＼ ﹨".split(" "),
  ...[
    "\u0000",
    "\n",
    "\r",
    "\t",
    "\u001b[2J",
    "\u009b31m",
    "\u202e",
    "\u2066",
    "\u200b",
    "\ufeff",
    "\u00ad",
    "\ue000",
  ],
  ...[
    "-",
    "--",
    ".",
    "..",
    "...",
    " ",
    "  ",
    "-rf ",
    "~",
    "'",
    '"',
    "`id`",
    "$(id)",
    "|",
    ">",
    "*",
    "?",
    ":",
  ],
];
const NAMES = ["a.txt", "authorized_keys", ".bashrc", "con", "aux.txt", "nul", "gpj.exe", ""];
const ODD = [
  ..."CON PRN AUX NUL COM1 LPT9 con.txt NUL.tar.gz CONIN$ . .. ... .bashrc ~/.ssh/authorized_keys".split(" "),
  "/etc/passwd",
  "C:\\Windows\\System32\\drivers\\etc\\hosts",
  "name. ",
  "name...",
  "x".repeat(300),
  "ä".repeat(300),
  `${"字".repeat(200)}.txt`,
  `${"x".repeat(300)}.${"y".repeat(300)}`,
  "\ud800.txt",
  "a\u0300".repeat(150),
];
/** Names that people give files to do harm. */
const HOSTILE = [
  ...ODD,
  ...PARTS.flatMap((part) => NAMES.flatMap((name) => [`${part}${name}`, `${name}${part}`])),
];

Deno.test(`[H01] ${HOSTILE.length} hostile names become names of one folder`, () => {
  assert(new Set(HOSTILE).size >= 300);
  for (const raw of HOSTILE) {
    const name = safeName(raw);
    const what = `${JSON.stringify(raw)} -> ${JSON.stringify(name)}`;
    assert(name.length > 0 && new TextEncoder().encode(name).length <= 200, what);
    assert(!/[/\\:*?"<>|%\p{C}\p{Zl}\p{Zp}\u2044\u2215\u29f5\uff0f\uff3c\ufe68]/u.test(name), what);
    assert(!/^[.\-~\s]|[.\s]$/.test(name), what);
    assert(!/^(?:con|prn|aux|nul|com\d|lpt\d|conin\$)(?:\.|$)/i.test(name), what);
    assertEquals(safeName(name), name, what);
  }
  for (const name of ["report.pdf", "Übung 3 (final).tar.gz", "音楽.mp3", "a-b_c.d"]) {
    assertEquals(safeName(name), name);
  }
});

Deno.test("[H01] files of hostile names land in their folder, for the owner only, and nowhere else", async () => {
  await using after = new AsyncDisposableStack();
  const around = temporary(after);
  const folder = `${around}/a/b`;
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeTextFile(`${around}/outside`, "untouched");
  for (const raw of HOSTILE.slice(0, 120)) {
    const name = safeName(raw);
    using landing = await nothing(folder, name);
    const path = await landing.finish({ folder, name }, unheard);
    assert(path?.startsWith(`${folder}/`) && !path.slice(folder.length + 1).includes("/"), path);
  }
  const all = await filesUnder(around);
  assertEquals(all.length, 121);
  for (const { path, mode } of all) {
    if (path === `${around}/outside`) continue;
    assert(path.startsWith(`${folder}/`), path);
    assertEquals(mode & 0o777, 0o600, path);
  }
});

Deno.test("[H02] what is planted in the folder is not followed, not written to, and not replaced", async () => {
  await using after = new AsyncDisposableStack();
  const around = temporary(after);
  const folder = `${around}/in`;
  await Deno.mkdir(folder);
  const target = `${around}/target`;
  await Deno.writeTextFile(target, "precious");
  await Deno.symlink(target, `${folder}/a.txt`);
  await Deno.symlink(target, `${folder}/a.txt.part`);
  await Deno.link(target, `${folder}/b.txt.part`);
  await Deno.mkdir(`${folder}/c.txt.part`);
  const pipes = ["d.txt", "d.txt.part"].map((name) => `${folder}/${name}`);
  assert((await new Deno.Command("mkfifo", { args: pipes }).output()).success);
  for (const name of ["a.txt", "b.txt", "c.txt", "d.txt"]) {
    using landing = await nothing(folder, name);
    const path = await landing.finish({ folder, name }, unheard);
    assertEquals(path, `${folder}/${"ad".includes(name[0]!) ? `${name[0]} (2).txt` : name}`);
  }
  assertEquals(await Landing.resume(`${folder}/a.txt.part`, 10), undefined, "a symbolic link");
  assertEquals(await Landing.resume(`${folder}/b.txt.part`, 10), undefined, "a hard link");
  assertEquals(await Landing.resume(`${folder}/c.txt.part`, 10), undefined, "a folder");
  assertEquals(await Landing.resume(`${folder}/d.txt.part`, 10), undefined, "a pipe");
  assertEquals(await Landing.resume(`${folder}/nothing.part`, 10), undefined);
  assertEquals(await Deno.readTextFile(target), "precious");
  assertEquals((await Deno.lstat(`${folder}/a.txt`)).isSymlink, true);
});

Deno.test(`[H02] links that come and go ${SWAPS} times while files land and are gone on with never lead elsewhere`, async () => {
  await using after = new AsyncDisposableStack();
  const around = temporary(after);
  const folder = `${around}/in`;
  await Deno.mkdir(folder);
  const target = `${around}/target`;
  await Deno.writeTextFile(target, "precious");
  const worker = new Worker(new URL("./support/link_swapper.ts", import.meta.url), { type: "module" });
  after.defer(() => worker.terminate());
  let over = false;
  const swapping = new Promise<void>((resolve) => worker.onmessage = () => resolve()).then(() => over = true);
  const swaps: Swapping = { paths: [`${folder}/x.part`, `${folder}/x`], target, times: SWAPS };
  worker.postMessage(swaps);
  const hostile = withHash(new TextEncoder().encode("hostile"));
  let [landed, disturbed] = [0, 0];
  for (let n = 0; !over; n++) {
    try {
      using begun = await Landing.begin({ folder, name: "x", size: 7 }, unheard);
      using again = n % 2 === 0 ? undefined : await Landing.resume(`${folder}/x.part`, 7);
      const landing = n % 2 === 0 ? begun : again;
      await landing?.take(hostile);
      await landing?.written();
      await landing?.finish({ folder, name: "x" }, unheard) === undefined ? disturbed++ : landed++;
    } catch {
      disturbed++; // it was taken away: nothing is lost but this
    }
    for await (const { name } of Deno.readDir(folder)) await Deno.remove(`${folder}/${name}`).catch(() => {});
  }
  await swapping;
  assert(landed > 0 && disturbed > 0, `${landed} landed, ${disturbed} were disturbed: this proves little`);
  assertEquals(await Deno.readTextFile(target), "precious");
});

Deno.test("what is left of a piece is dropped when a file goes on, and the whole is checked", async () => {
  await using after = new AsyncDisposableStack();
  const folder = temporary(after);
  const whole = new Uint8Array(PIECE_BYTES + 100).fill(7);
  {
    using landing = await Landing.begin({ folder, name: "x", size: PIECE_BYTES + 100 }, unheard);
    await landing.take(whole.subarray(0, PIECE_BYTES));
    await landing.take(whole.subarray(PIECE_BYTES, PIECE_BYTES + 50));
    await landing.written();
  }
  for (const right of [false, true]) {
    using again = await Landing.resume(`${folder}/x.part`, PIECE_BYTES + 100);
    assertEquals(again?.have, PIECE_BYTES);
    const rest = withHash(whole).subarray(PIECE_BYTES);
    if (!right) rest[0]! ^= 1;
    await again!.take(rest);
    await again!.written();
    const path = await again!.finish({ folder, name: "x" }, unheard);
    assertEquals(path, right ? `${folder}/x` : undefined);
    if (!right) await assertRejects(() => Deno.stat(`${folder}/x`), Deno.errors.NotFound);
  }
  assertEquals(await Deno.readFile(`${folder}/x`), whole);
});

/** What a sender has behind a file: its hash. */
function withHash(bytes: Uint8Array): Uint8Array {
  return concat(bytes, createHash("sha256").update(bytes).digest());
}

/** An empty file that has come. */
async function nothing(folder: string, name: string): Promise<Landing> {
  const landing = await Landing.begin({ folder, name, size: 0 }, unheard);
  await landing.take(withHash(new Uint8Array(0)));
  await landing.written();
  return landing;
}

async function unheard(): Promise<void> {}
