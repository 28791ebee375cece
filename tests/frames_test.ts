import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { ProtocolError } from "../protocol/errors.ts";
import { frame, FrameReader, putHeader } from "../protocol/frames.ts";
import { joined } from "../protocol/joined.ts";
import { MAX_BINARY_BYTES, MAX_HELLO_BYTES, MAX_JSON_BYTES } from "../protocol/limits.ts";

const seed = Math.floor(Math.random() * 2 ** 31);
const STATES = [false, true] as const;
const KINDS = ["json", "binary"] as const;

/** What a reader said to a stream: its frames, and the code it ended with. */
interface Heard {
  readonly frames: string[];
  error: string | undefined;
}

function limit(kind: "json" | "binary", welcomed: boolean): number {
  if (!welcomed) return MAX_HELLO_BYTES;
  return kind === "binary" ? MAX_BINARY_BYTES : MAX_JSON_BYTES;
}

function header(size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, size);
  return bytes;
}

function bytesOf(kind: "json" | "binary", payload: Uint8Array): Uint8Array {
  const bytes = frame(payload);
  if (kind === "binary") bytes[0]! |= 0x80;
  return bytes;
}

function said(kind: string, payload: Uint8Array): string {
  return `${kind} ${payload}`;
}

/** Feeds a stream cut before each index of `cuts`. The pieces are wiped afterwards, as a socket's buffer is used again. */
function hear(stream: Uint8Array, cuts: readonly number[], welcomed = true): Heard {
  const reader = new FrameReader({ welcomed });
  const heard: Heard = { frames: [], error: undefined };
  let from = 0;
  try {
    for (const to of [...cuts, stream.length]) {
      const piece = stream.slice(from, to);
      for (const { kind, payload } of reader.push(piece)) heard.frames.push(said(kind, payload));
      piece.fill(0xee);
      from = to;
    }
  } catch (error) {
    if (!(error instanceof ProtocolError) || !error.fatal) throw error;
    heard.error = error.code;
  }
  return heard;
}

/** The same, worked out from the whole stream at once. */
function expected(stream: Uint8Array, welcomed = true): Heard {
  const view = new DataView(stream.buffer, stream.byteOffset, stream.length);
  const heard: Heard = { frames: [], error: undefined };
  for (let at = 0; at + 4 <= stream.length;) {
    const word = view.getUint32(at);
    const kind = word >>> 31 === 1 ? "binary" : "json";
    const size = word & 0x7fff_ffff;
    if (size === 0) heard.error = "frame_zero";
    else if (size > limit(kind, welcomed)) heard.error = "frame_size";
    if (heard.error || at + 4 + size > stream.length) break;
    heard.frames.push(said(kind, stream.subarray(at + 4, at + 4 + size)));
    at += 4 + size;
  }
  return heard;
}

const someFrame = fc.tuple(fc.constantFrom(...KINDS), fc.uint8Array({ minLength: 1, maxLength: 9 }))
  .map(([kind, payload]) => bytesOf(kind, payload));
const goodStream = fc.array(someFrame, { minLength: 1, maxLength: 5 }).map(joined);
/** Frames with a header that lies, a tail cut off, or no sense at all. */
const badStream = fc.oneof(
  fc.tuple(goodStream, fc.nat(), fc.nat(255)).map(([stream, at, byte]) => {
    const out = stream.slice();
    out[at % out.length] = byte;
    return out;
  }),
  fc.tuple(goodStream, fc.nat()).map(([stream, at]) => stream.slice(0, at % stream.length)),
  fc.uint8Array({ minLength: 1, maxLength: 40 }),
);

Deno.test(`[F1] [A04] any stream, cut in any way, gives the same frames (seed ${seed})`, async (t) => {
  let cases = 0;
  const check = (stream: Uint8Array, cuts: readonly number[], want: string): void => {
    cases++;
    const heard = hear(stream, cuts);
    // The cheap comparison first: there are a million of them.
    if (heard.frames.join() + heard.error !== want) assertEquals(heard, expected(stream), `cut at ${cuts}`);
  };
  fc.assert(
    fc.property(fc.oneof(goodStream, badStream), fc.boolean(), (stream, single) => {
      const { frames, error } = expected(stream);
      const want = frames.join() + error;
      check(stream, [], want);
      check(stream, Array.from({ length: stream.length - 1 }, (_, i) => i + 1), want);
      for (let a = 1; a < stream.length; a++) {
        for (let b = a; b < stream.length; b++) {
          check(stream, single ? [a, b] : [a, b, Math.min(b + 3, stream.length)], want);
        }
      }
    }),
    { seed, numRuns: 4_000 },
  );
  await t.step(`${cases} streams read`, () => assert(cases >= 1_000_000));
});

Deno.test(`[F1] [A04] large frames in small and large pieces (seed ${seed})`, () => {
  const size = fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 60_000, max: MAX_JSON_BYTES }));
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom(...KINDS), size), { minLength: 1, maxLength: 4 }),
      fc.array(fc.nat(), { maxLength: 20 }),
      (frames, at) => {
        const stream = joined(
          frames.map(([kind, size], i) => bytesOf(kind, new Uint8Array(size).fill(i + 1))),
        );
        const cuts = at.map((cut) => cut % stream.length).sort((a, b) => a - b);
        assertEquals(hear(stream, cuts), expected(stream));
      },
    ),
    { seed, numRuns: 40 },
  );
});

Deno.test("[F1] a header split 1+3, 2+2 and 3+1 is one header", () => {
  const stream = bytesOf("json", Uint8Array.of(7, 8));
  for (const cut of [1, 2, 3]) assertEquals(hear(stream, [cut]), { frames: ["json 7,8"], error: undefined });
});

Deno.test("[F1] putHeader and frame write what the reader reads", () => {
  for (const size of [1, 255, 256, 65_535, 65_536]) {
    const bytes = frame(new Uint8Array(size));
    const written = new Uint8Array(4);
    putHeader(written, size);
    assertEquals(bytes.subarray(0, 4), header(size));
    assertEquals(written, header(size));
    assertEquals(bytes.length, 4 + size);
  }
});

Deno.test("[F2] the top bit makes a binary frame", () => {
  const stream = joined([
    bytesOf("binary", Uint8Array.of(0, 0, 0, 1, 0xff)),
    bytesOf("json", Uint8Array.of(0x7b, 0x7d)),
  ]);
  assertEquals(hear(stream, []).frames, ["binary 0,0,0,1,255", "json 123,125"]);
});

Deno.test("[F3] [A01] a length of 0 is fatal, in either state and of either kind", () => {
  for (const welcomed of STATES) {
    for (const word of [0, 0x8000_0000]) {
      assertEquals(hear(header(word), [], welcomed), { frames: [], error: "frame_zero" });
    }
  }
});

Deno.test("[F3] [A02] a length past the limit is fatal by the header alone", () => {
  const sizes = [1, 2, 100, 65_536, 2 ** 20, 2 ** 24, 2 ** 30, 0x7fff_ffff];
  for (const welcomed of STATES) {
    for (const kind of KINDS) {
      const most = limit(kind, welcomed);
      for (
        const size of [...sizes.map((more) => Math.min(most + more, 0x7fff_ffff)), 0x2f20_4854, 0x5353_482d]
      ) {
        const word = kind === "binary" ? size + 0x8000_0000 : size;
        assertEquals(hear(header(word), [], welcomed), { frames: [], error: "frame_size" });
        assertEquals(hear(header(word), [1, 2, 3], welcomed), { frames: [], error: "frame_size" });
        assertEquals(hear(header(word).subarray(0, 3), [], welcomed), { frames: [], error: undefined });
      }
    }
  }
});

Deno.test("[F3] [A03] the limit itself is accepted whole, one byte more is not", () => {
  for (const welcomed of STATES) {
    for (const kind of KINDS) {
      const most = limit(kind, welcomed);
      for (const size of [most - 1, most]) {
        const stream = bytesOf(kind, new Uint8Array(size).fill(0x20));
        assertEquals(hear(stream, [4, 5, size], welcomed), expected(stream, welcomed));
        assertEquals(hear(stream, [], welcomed).frames.length, 1);
      }
      assertEquals(hear(bytesOf(kind, new Uint8Array(most + 1)), [], welcomed).error, "frame_size");
    }
  }
});

Deno.test("[F3] welcome lifts the limit for the very next frame of the same chunk", () => {
  const stream = joined([frame(Uint8Array.of(1)), frame(new Uint8Array(MAX_JSON_BYTES))]);
  const sizes: number[] = [];
  const reader = new FrameReader();
  for (const { payload } of reader.push(stream)) {
    sizes.push(payload.length);
    reader.welcome();
  }
  assertEquals(sizes, [1, MAX_JSON_BYTES]);
  assertEquals(hear(stream, [], false), { frames: ["json 1"], error: "frame_size" });
});

Deno.test("[F4] after a fatal error the reader yields nothing any more", () => {
  const reader = new FrameReader({ welcomed: true });
  assertThrows(() => [...reader.push(header(0))], ProtocolError, "0 bytes");
  assertThrows(() => [...reader.push(frame(Uint8Array.of(1)))], ProtocolError);
});

Deno.test("[F5] [A05] a frame that is not finished is never yielded, and the reader knows of it", () => {
  const stream = frame(new Uint8Array(300).fill(1));
  for (let cut = 0; cut < stream.length; cut++) {
    const reader = new FrameReader({ welcomed: true });
    assertEquals([...reader.push(stream.subarray(0, cut))], []);
    assertEquals(reader.partial, cut > 0);
    assertEquals([...reader.push(stream.subarray(cut))].length, 1);
    assertEquals(reader.partial, false);
  }
});

Deno.test("[F5] a consumer that stops early finds the rest of the chunk", () => {
  const [one, two, three] = [1, 2, 3].map((n) => frame(new Uint8Array(n).fill(n))) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  const reader = new FrameReader({ welcomed: true });
  assertEquals([...reader.push(one.subarray(0, 2))], []);
  for (const { payload } of reader.push(joined([one.subarray(2), two, three.subarray(0, 4)]))) {
    assertEquals(payload, Uint8Array.of(1));
    break;
  }
  assertEquals(reader.rest, joined([two, three.subarray(0, 4)]));
  assertEquals(reader.partial, false);
  assertEquals([...reader.push(reader.rest)].map(({ payload }) => [...payload]), [[2, 2]]);
  assertEquals(reader.partial, true);
});
