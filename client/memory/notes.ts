import * as v from "valibot";
import type { Draft } from "../client_event.ts";
import { readJson } from "./own_file.ts";
import { Places } from "./places.ts";

const seq = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const mark = v.tuple([v.string(), seq]);
const draft = v.object({
  id: v.string(),
  to: v.string(),
  text: v.string(),
  plain: v.exactOptional(v.literal(true)),
  file: v.exactOptional(v.object({
    file: v.string(),
    name: v.string(),
    size: seq,
    key: v.string(),
  })),
});
const note = v.union([
  v.object({ began: v.number(), pid: v.number() }),
  v.object({
    as: v.object({ session: v.optional(v.string()), log: v.optional(v.string()), account: v.boolean() }),
  }),
  v.object({ keep: draft }),
  v.object({ done: v.string() }),
  v.object({ seen: mark }),
  v.object({ read: mark }),
  v.object({ forget: v.string() }),
]);

/** One line of a journal. */
export type Note = v.InferOutput<typeof note>;
type As = Extract<Note, { as: unknown }>["as"];

/** What a journal's notes come to. */
export class Notes {
  readonly drafts = new Map<string, Draft>();
  readonly places = new Places();
  /** Under what the drafts were said. */
  as: As = { account: false };
  began = 0;
  pid = 0;

  /** Reads the lines of a journal; what is torn or damaged is passed over. */
  static read(text: string): Notes {
    const notes = new Notes();
    for (const line of text.split("\n")) {
      const known = line === "" ? undefined : readJson(note, line);
      if (known) notes.take(known);
    }
    return notes;
  }

  take(note: Note): void {
    if ("keep" in note) this.drafts.set(note.keep.id, note.keep);
    else if ("done" in note) this.drafts.delete(note.done);
    else if ("seen" in note) this.places.seen(...note.seen);
    else if ("read" in note) this.places.readUp(...note.read);
    else if ("forget" in note) this.places.forget(note.forget);
    else if ("as" in note) {
      this.as = note.as;
      this.places.of(note.as.log);
    } else if ("began" in note) ({ began: this.began, pid: this.pid } = note);
    else note satisfies never;
  }

  /** The fewest notes that come to the same. */
  *whole(): Generator<Note> {
    const { forgotten, cursors, read } = this.places;
    yield { began: this.began, pid: this.pid };
    yield { as: this.as };
    for (const to of forgotten) yield { forget: to };
    for (const seen of cursors) yield { seen };
    for (const each of read) yield { read: each };
    for (const keep of this.drafts.values()) yield { keep };
  }

  get size(): number {
    const { forgotten, cursors, read } = this.places;
    return 2 + forgotten.size + cursors.size + read.size + this.drafts.size;
  }
}
