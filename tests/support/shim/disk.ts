import type { Call } from "./log.ts";

const SECTOR = 512;
/** SQLite's index of a log, which it makes anew after every crash. */
const MEMORY = "-shm";

/** What a power cut does to what was not synced. */
export type Cut = "nothing" | "everything" | "prefix" | "suffix" | "few" | "many" | "most";

/** All cuts, the dullest first. */
export const CUTS: readonly Cut[] = ["nothing", "everything", "prefix", "suffix", "few", "many", "most"];

const CHANCE = { few: 0.15, many: 0.5, most: 0.85 } as const;

type Change = { readonly at: number; readonly bytes: Uint8Array } | { readonly size: number };

/** What reached the disk of one change: all, nothing, some sectors, or only the length that the file has by it. */
type Fate = "kept" | "lost" | "torn" | "hollow";

class Content {
  pending: Change[] = [];

  /** `synced` is there for sure. */
  constructor(public synced: Uint8Array = new Uint8Array(0)) {}
}

/** A name that was given or taken away; of a rename both at once. */
type Naming = readonly (readonly [path: string, content: Content | undefined])[];

/**
 * A disk on which only what was synced is there for sure: of a file what was written before its last sync, of names what
 * was done before the last sync of their folder.
 */
export class Disk {
  readonly #synced = new Map<string, Content>();
  readonly #now = new Map<string, Content>();
  #naming: Naming[] = [];
  #syncs = 0;

  constructor(files: ReadonlyMap<string, Uint8Array> = new Map()) {
    for (const [path, bytes] of files) {
      const content = new Content(bytes);
      this.#synced.set(path, content);
      this.#now.set(path, content);
    }
  }

  /** How much is not there for sure. */
  get pending(): number {
    const contents = new Set([...this.#synced.values(), ...this.#now.values()]);
    return [...contents].reduce((sum, { pending }) => sum + pending.length, this.#naming.length);
  }

  do(call: Call): void {
    if (call.path.endsWith(MEMORY)) return;
    switch (call.kind) {
      case "create":
        return this.#name([[call.path, new Content()]]);
      case "unlink":
        return this.#name([[call.path, undefined]]);
      case "rename":
        return this.#name([[call.path, undefined], [call.to, this.#now.get(call.path)]]);
      case "write":
        this.#now.get(call.path)?.pending.push({ at: call.at, bytes: call.bytes });
        return;
      case "truncate":
        this.#now.get(call.path)?.pending.push({ size: call.size });
        return;
      case "sync":
        return this.#sync(call.path);
      case "mkdir":
      case "failed":
      case "fault":
      case "ack":
        return;
      default:
        return call satisfies never;
    }
  }

  #name(naming: Naming): void {
    apply(this.#now, naming);
    this.#naming.push(naming);
  }

  #sync(path: string): void {
    this.#syncs++;
    const content = this.#now.get(path);
    if (content !== undefined) {
      content.synced = settle(content, () => "kept", () => 0);
      content.pending = [];
      return;
    }
    const inside = (naming: Naming) => naming.every(([name]) => folderOf(name) === path);
    for (const naming of this.#naming) if (inside(naming)) apply(this.#synced, naming);
    this.#naming = this.#naming.filter((naming) => !inside(naming));
  }

  /** The files as a power cut of this kind may leave them, and a text that tells this outcome from others. */
  cut(
    kind: Cut,
    random: () => number,
  ): { readonly files: ReadonlyMap<string, Uint8Array>; readonly key: string } {
    const fates: Fate[] = [];
    const fate = fateOf(kind, this.pending, random);
    const next = () => {
      const chosen = fate();
      fates.push(chosen);
      return chosen;
    };
    const names = new Map(this.#synced);
    for (const naming of this.#naming) if (next() === "kept") apply(names, naming);
    const files = new Map<string, Uint8Array>();
    for (const [path, content] of names) files.set(path, settle(content, next, random));
    const torn = fates.includes("torn") ? random() : "";
    return { files, key: `${this.#syncs} ${fates.map(([letter]) => letter).join("")} ${torn}` };
  }
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

function apply(names: Map<string, Content>, naming: Naming): void {
  for (const [path, content] of naming) {
    if (content === undefined) names.delete(path);
    else names.set(path, content);
  }
}

/** Tells of one change after the other what becomes of it. */
function fateOf(kind: Cut, pending: number, random: () => number): () => Fate {
  const border = Math.floor(random() * (pending + 1));
  let nth = 0;
  switch (kind) {
    case "nothing":
      return () => "lost";
    case "everything":
      return () => "kept";
    case "prefix":
      return () => nth++ < border ? "kept" : nth === border + 1 ? "torn" : "lost";
    case "suffix":
      return () => nth++ < border ? "lost" : "kept";
    default:
      return () => {
        if (random() < 0.15) return random() < 0.5 ? "torn" : "hollow";
        return random() < CHANCE[kind] ? "kept" : "lost";
      };
  }
}

/** What is in the file when each pending change has met its fate. */
function settle({ synced, pending }: Content, fate: () => Fate, random: () => number): Uint8Array {
  if (pending.length === 0) return synced;
  const reach = pending.map((change) => "size" in change ? change.size : change.at + change.bytes.length);
  const room = new Uint8Array(Math.max(synced.length, ...reach));
  room.set(synced);
  let size = synced.length;
  for (const change of pending) {
    const chosen = fate();
    if (chosen === "lost") continue;
    if ("size" in change) {
      room.fill(0, Math.min(size, change.size), size);
      size = change.size;
      continue;
    }
    const { at, bytes } = change;
    const end = at + bytes.length;
    if (chosen === "kept") room.set(bytes, at);
    if (chosen === "torn") tear(room, at, bytes, random);
    size = Math.max(size, end);
  }
  return room.subarray(0, size);
}

/** Only some of the sectors arrive. */
function tear(room: Uint8Array, at: number, bytes: Uint8Array, random: () => number): void {
  for (let from = 0; from < bytes.length;) {
    const to = Math.min(bytes.length, from + SECTOR - (at + from) % SECTOR);
    if (random() < 0.5) room.set(bytes.subarray(from, to), at + from);
    from = to;
  }
}
