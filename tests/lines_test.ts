import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { type Line, lines } from "../client/lines.ts";

const encoder = new TextEncoder();

async function cut(bytes: Uint8Array, slices: readonly number[], maxBytes?: number): Promise<Line[]> {
  const chunks: Uint8Array[] = [];
  let from = 0;
  for (const slice of [...slices, bytes.length]) {
    chunks.push(bytes.subarray(from, from + slice));
    from += slice;
  }
  return await Array.fromAsync(
    lines(ReadableStream.from(chunks), maxBytes === undefined ? {} : { maxBytes }),
  );
}

const seed = 20260801;

Deno.test(`lines are the same however the bytes are sliced (seed ${seed})`, async () => {
  const texts = fc.array(fc.string({ unit: "grapheme" }).map((text) => text.replace(/[\r\n]/g, "·")), {
    minLength: 1,
  });
  await fc.assert(
    fc.asyncProperty(
      texts,
      fc.array(fc.nat({ max: 9 })),
      fc.constantFrom("\n", "\r\n"),
      async (texts, slices, end) => {
        const got = await cut(encoder.encode(texts.map((text) => text + end).join("")), slices);
        assertEquals(got, texts.map((text, at) => ({ number: at + 1, text })));
      },
    ),
    { seed, numRuns: 500 },
  );
});

Deno.test("a line longer than a message is not kept, and the ones after it are read", async () => {
  const got = await cut(
    encoder.encode(`12345\n123456\n12345\r\n${"x".repeat(1_000)}\nlast`),
    Array(200).fill(7),
    5,
  );
  assertEquals(got.map(({ number, text }) => [number, text]), [
    [1, "12345"],
    [2, undefined],
    [3, "12345"],
    [4, undefined],
    [5, "last"],
  ]);
});

Deno.test("bytes that are not UTF-8 become replacement characters", async () => {
  assertEquals(await cut(new Uint8Array([0xff, 0x61, 0xc3, 10, 0xc3, 0xa9]), [1, 2, 1, 1]), [
    { number: 1, text: "\ufffda\ufffd" },
    { number: 2, text: "é" },
  ]);
});
