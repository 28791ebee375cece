import { assert, assertEquals } from "@std/assert";
import { FrameReader } from "../protocol/frames.ts";
import { ByteLog, type Cursor } from "../server/byte_log.ts";
import { randomFrom } from "./support/random.ts";

const decoder = new TextDecoder();

/** Everything that a cursor has left, as the payloads of its frames. */
function rest(cursor: Cursor, reader = new FrameReader({ welcomed: true })): string[] {
  const payloads: string[] = [];
  while (cursor.behind > 0) {
    const bytes = cursor.take();
    assert(bytes.length > 0, "nothing was taken of something");
    for (const { payload } of reader.push(bytes)) payloads.push(decoder.decode(payload));
  }
  return payloads;
}

Deno.test("a cursor reads what is appended after it was made, in frames", () => {
  const log = new ByteLog();
  log.append('"before"');
  const cursor = log.tail();
  assertEquals(cursor.behind, 0);
  for (const json of ['"a"', '"naïve 𝕥𝕖𝕩𝕥"', "{}"]) log.append(json);
  assertEquals(rest(cursor), ['"a"', '"naïve 𝕥𝕖𝕩𝕥"', "{}"]);
  assertEquals([cursor.behind, cursor.at], [0, log.end]);
});

Deno.test("an empty log has nothing to read, and a cursor on it reads the first entry", () => {
  const log = new ByteLog();
  const cursor = log.tail();
  assertEquals([log.end, cursor.behind, rest(cursor)], [0, 0, []]);
  log.append("1");
  assertEquals(rest(cursor), ["1"]);
});

Deno.test("every cursor reads for itself, at its own pace", () => {
  const log = new ByteLog();
  const [fast, slow] = [log.tail(), log.tail()];
  const fastReader = new FrameReader({ welcomed: true });
  for (let n = 0; n < 1_000; n++) {
    log.append(`${n}`);
    assertEquals(rest(fast, fastReader), [`${n}`]);
  }
  const late = log.tail();
  log.append('"last"');
  assertEquals(rest(late), ['"last"']);
  assertEquals(rest(slow).length, 1_001);
});

Deno.test("what was read does not change when more is appended", () => {
  const log = new ByteLog();
  const cursor = log.tail();
  log.append('"first"');
  const bytes = cursor.take();
  const before = bytes.slice();
  for (let n = 0; n < 10_000; n++) log.append('"more"');
  assertEquals(bytes, before);
});

Deno.test("texts of any size fit, and sizes are bytes", () => {
  const log = new ByteLog();
  const cursor = log.tail();
  const texts = [1, 100, 4_000, 65_000, 300_000].flatMap((
    size,
  ) => ["x".repeat(size), "é".repeat(size), "日".repeat(size)]);
  let size = 0;
  for (const text of texts) {
    log.append(text);
    size += 4 + new TextEncoder().encode(text).length;
    assertEquals(cursor.behind, size);
  }
  const bytes: number[] = [];
  while (cursor.behind > 0) bytes.push(...cursor.take().length > 0 ? [1] : [0]);
  assert(bytes.every((taken) => taken === 1));
  assertEquals(cursor.at, size);
});

for (const seed of [1, 2, 3, 4, 5]) {
  Deno.test(`cursors that come and read at random all see the same (seed ${seed})`, () => {
    const random = randomFrom(seed);
    const log = new ByteLog();
    const all: string[] = [];
    const cursors: { cursor: Cursor; reader: FrameReader; from: number; got: string[] }[] = [];
    for (let step = 0; step < 3_000; step++) {
      if (random() < 0.02) {
        const reader = new FrameReader({ welcomed: true });
        cursors.push({ cursor: log.tail(), reader, from: all.length, got: [] });
      }
      if (random() < 0.8) {
        all.push(`"${step} ${"é".repeat(Math.floor(random() ** 6 * 20_000))}"`);
        log.append(all.at(-1)!);
      }
      for (const each of cursors) {
        if (random() > 0.1 || each.cursor.behind === 0) continue;
        for (const { payload } of each.reader.push(each.cursor.take())) {
          each.got.push(decoder.decode(payload));
        }
      }
    }
    for (const { cursor, reader, from, got } of cursors) {
      assertEquals([...got, ...rest(cursor, reader)], all.slice(from));
    }
  });
}
