import { assert, assertEquals } from "@std/assert";
import vectors from "../protocol/vectors.json" with { type: "json" };
import { decodeRequest } from "../protocol/codec.ts";
import { ProtocolError } from "../protocol/errors.ts";
import { FrameReader } from "../protocol/frames.ts";
import { readName, readRoom } from "../protocol/names.ts";
import { type Vector, vectors as made } from "../tools/vectors.ts";

/** What a stranger's reader has to make of the bytes of a vector. */
function read(bytes: Uint8Array, welcomed: boolean): Pick<Vector, "means" | "named" | "error"> {
  try {
    const [frame, ...more] = new FrameReader({ welcomed }).push(bytes);
    assert(frame !== undefined && more.length === 0, "not one frame");
    if (frame.kind === "binary") return { means: { binary: frame.payload.toHex() } };
    const means = decodeRequest(frame.payload);
    const given = means.type === "hello"
      ? readName(means.name)
      : means.type === "join"
      ? readRoom(means.room)
      : undefined;
    if (given?.problem) return { error: { code: given.problem.code, fatal: false } };
    return { means, ...given ? { named: given.name } : {} };
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    const { code, fatal, ref } = error;
    return { error: { code, fatal, ...ref === undefined ? {} : { ref } } };
  }
}

for (const { name, rule, state, bytes, ...outcome } of vectors as readonly Vector[]) {
  Deno.test(`[${rule}] vector: ${name}`, () => {
    assertEquals(read(Uint8Array.fromHex(bytes), state === "welcomed"), outcome);
  });
}

Deno.test("there are vectors for every rule of the reader, each with its own name", () => {
  assert(vectors.length >= 120);
  assertEquals(new Set(vectors.map(({ name }) => name)).size, vectors.length);
  const rules = new Set(vectors.map(({ rule }) => rule));
  const all = "F1 F2 F3 J1 J2 J3 J4 J5 J6 J7 J8 J9 W2 W3 W4 W5 W6 W7 W8 W9 N1 N2 N3 N4 N5 N7".split(" ");
  assertEquals(all.filter((rule) => !rules.has(rule)), []);
});

Deno.test("the vectors are those of tools/vectors.ts", () => {
  for (const [i, vector] of vectors.entries()) {
    assert(JSON.stringify(vector) === JSON.stringify(made[i]), `${vector.name}: run tools/vectors.ts`);
  }
  assertEquals(vectors.length, made.length);
});
