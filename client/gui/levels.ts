import * as v from "valibot";
import { readJson, readText, replaceFile } from "../memory/own_file.ts";
import type { Level } from "./chat_state.ts";

const schema = v.record(v.string(), v.picklist(["all", "mentions", "none"]));

/** What one wants to be notified of, by conversation; kept in `levels.json` where there is a folder for it. */
export class Levels {
  readonly #folder: string | undefined;
  readonly #levels: Map<string, Level>;
  #writing: Promise<void> = Promise.resolve();

  private constructor(folder: string | undefined, levels: Map<string, Level>) {
    this.#folder = folder;
    this.#levels = levels;
  }

  /** Reads what is there; nothing where the file is missing or damaged. */
  static async open(folder: string | undefined): Promise<Levels> {
    const text = folder === undefined ? undefined : await readText(path(folder));
    return new Levels(folder, new Map(Object.entries(readJson(schema, text ?? "") ?? {})));
  }

  get all(): ReadonlyMap<string, Level> {
    return this.#levels;
  }

  /** Remembers a level. */
  set(to: string, level: Level): void {
    this.#levels.set(to, level);
    const folder = this.#folder;
    if (folder === undefined) return;
    const text = `${JSON.stringify(Object.fromEntries(this.#levels))}\n`;
    this.#writing = this.#writing.then(() => replaceFile(path(folder), text)).catch(() => {}); // for this run only, then
  }

  /** Resolves when everything is on disk. Never rejects. */
  async written(): Promise<void> {
    await this.#writing;
  }
}

function path(folder: string): string {
  return `${folder}/levels.json`;
}
