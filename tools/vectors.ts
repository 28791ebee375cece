/**
 * Writes `protocol/vectors.json`, the cases by which a reader in any language can be checked, from the readable tables in
 * `tools/vectors/`. What is expected stands there too; nothing here asks our own code (that is `tests/vectors_test.ts`).
 *
 *     deno run --allow-write=protocol tools/vectors.ts
 */
import { FRAMES } from "./vectors/frames.ts";
import { JSON_TEXTS } from "./vectors/json_texts.ts";
import { NAMES } from "./vectors/names.ts";
import { REQUESTS } from "./vectors/requests.ts";

/** One case as it stands in the file. */
export interface Vector {
  readonly name: string;
  /** The rule of `protocol/README.md` that decides it. */
  readonly rule: string;
  readonly state: "greeting" | "welcomed";
  /** What arrives: one frame, or what there is of it, in hex. */
  readonly bytes: string;
  /** The request, without the fields that are to be ignored; `binary` is the payload of a binary frame in hex. */
  readonly means?: Readonly<Record<string, unknown>>;
  /** The normal form of the name in a `hello`, or of the room in a `join`. */
  readonly named?: string;
  readonly error?: { readonly code: string; readonly fatal: boolean; readonly ref?: string };
}

/** A case with its payload still readable. */
export interface Case extends Omit<Vector, "bytes" | "state"> {
  readonly state?: Vector["state"];
  /** A JSON frame's payload as text, one in hex, or a whole frame in hex. */
  readonly json?: string;
  readonly payload?: string;
  readonly frame?: string;
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function vector({ json, payload, frame, name, rule, state = "welcomed", ...outcome }: Case): Vector {
  const body = payload ?? hex(new TextEncoder().encode(json));
  const bytes = frame ?? (body.length / 2).toString(16).padStart(8, "0") + body;
  return { name, rule, state, bytes, ...outcome };
}

/** All of them, in the order of the file. */
export const vectors: readonly Vector[] = [...FRAMES, ...JSON_TEXTS, ...REQUESTS, ...NAMES].map(vector);

if (import.meta.main) {
  const lines = vectors.map((one) => `  ${JSON.stringify(one)}`).join(",\n");
  await Deno.writeTextFile(new URL("../protocol/vectors.json", import.meta.url), `[\n${lines}\n]\n`);
}
