import { StoreFull } from "../../server/store/store.ts";

/** How often a full disk is tried again. */
const PATIENCE = 60;
const encoder = new TextEncoder();

/** A line of what a scenario says. */
export type Told =
  | { readonly try: string; readonly asked: unknown }
  | { readonly did: string; readonly asked: unknown; readonly got: unknown }
  | { readonly full: string };

/** Says before each step what is tried, and after it what was acknowledged. */
export class Teller implements Disposable {
  readonly #lines: Deno.FsFile;

  constructor(path: string) {
    this.#lines = Deno.openSync(path, { create: true, append: true });
  }

  /** Does `act`, again and again as long as the disk is full. */
  async step<T>(what: string, asked: unknown, act: () => Promise<T>): Promise<T> {
    this.#say({ try: what, asked });
    for (let turn = 1;; turn++) {
      try {
        const got = await act();
        this.#say({ did: what, asked, got });
        return got;
      } catch (error) {
        if (!(error instanceof StoreFull) || turn === PATIENCE) throw error;
        this.#say({ full: what });
      }
    }
  }

  /** One write each, so that a line is there or is not. */
  #say(line: Told): void {
    this.#lines.writeSync(encoder.encode(`${JSON.stringify(line)}\n`));
  }

  [Symbol.dispose](): void {
    this.#lines.close();
  }
}

/** All lines that were said in the file at `path`; none where nothing was. */
export async function toldIn(path: string): Promise<readonly Told[]> {
  try {
    const text = await Deno.readTextFile(path);
    return text.split("\n").slice(0, -1).map((line) => JSON.parse(line));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}
