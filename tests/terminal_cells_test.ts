import { assert, assertEquals } from "@std/assert";
import { cellsOf } from "../client/terminal/cells.ts";
import { Pane, terminalTest } from "./support/tmux.ts";

/** First and last code point of what is sampled, and the step. */
const SAMPLES = [
  [0xa1, 0x17f, 3],
  [0x250, 0x52f, 11],
  [0x5d0, 0x6ff, 9],
  [0x900, 0xdff, 13],
  [0xe01, 0x115f, 9],
  [0x1780, 0x1fff, 29],
  [0x2010, 0x2bff, 7],
  [0x2e80, 0x33ff, 17],
  [0x3400, 0x9fff, 211],
  [0xa000, 0xd7a3, 101],
  [0xf900, 0xffee, 5],
  [0x10000, 0x10fff, 97],
  [0x1d300, 0x1d7ff, 37],
  [0x1f000, 0x1faff, 3],
  [0x20000, 0x2a6df, 2003],
] as const;

function samples(): string[] {
  const texts = "👩‍👩‍👧 🇩🇪 ☃ é हि क्ष 각 한 ﷽ ﾊﾝ ㈱ ①".split(" ");
  for (const [first, last, step] of SAMPLES) {
    for (let point = first; point <= last; point += step) {
      const char = String.fromCodePoint(point);
      if (!/[\p{M}\p{C}\p{DI}\p{Emoji_Modifier}\p{Regional_Indicator}]/u.test(char)) texts.push(char);
    }
  }
  return texts;
}

terminalTest("cellsOf [E11] agrees with a real terminal about 1,900 characters", async () => {
  const texts = samples();
  assert(texts.length >= 1_900, `only ${texts.length}`);
  const dir = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${dir}/texts`, JSON.stringify(texts));
    const program = new URL("./support/measure_cells.ts", import.meta.url).pathname;
    const command = [
      Deno.execPath(),
      "run",
      "--quiet",
      "-A",
      "--no-check",
      program,
      `${dir}/texts`,
      `${dir}/columns`,
    ];
    await using pane = await Pane.open(command, { env: { LC_ALL: "C.UTF-8" } });
    assertEquals(await pane.exit(), 0);
    const columns: number[] = JSON.parse(await Deno.readTextFile(`${dir}/columns`));
    const other = texts.filter((text, at) => cellsOf(text) !== columns[at]);
    // Terminals know the characters of their own day; newer ones they take for narrow, or for nothing.
    assert(other.length <= texts.length * 0.02, `${other.length} of ${texts.length}: ${other.join(" ")}`);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});
