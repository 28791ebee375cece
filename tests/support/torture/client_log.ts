import { createHash } from "node:crypto";
import { type Act, type Line, pairOf } from "../checker/history.ts";
import { now } from "./clock.ts";

const encoder = new TextEncoder();

/** What one client writes down: each line is with the operating system before the next thing happens. */
export class ClientLog implements Disposable {
  readonly client: string;
  readonly #file: Deno.FsFile;

  constructor(path: string, client: string) {
    this.client = client;
    this.#file = Deno.openSync(path, { append: true, create: true });
    this.#write("\n"); // the life before may have ended in the middle of a line
  }

  note(act: Act): void {
    const line: Line = { ...act, t: now(), client: this.client };
    this.#write(`${JSON.stringify(line)}\n`);
  }

  [Symbol.dispose](): void {
    this.#file.close();
  }

  #write(text: string): void {
    const bytes = encoder.encode(text);
    const written = this.#file.writeSync(bytes);
    if (written !== bytes.length) throw new Error(`Only ${written} of ${bytes.length} bytes were logged`);
  }
}

/** Reads what clients wrote, and says where a kill cut a line short. */
export async function readLog(path: string): Promise<readonly Line[]> {
  const lines: Line[] = [];
  const texts = (await Deno.readTextFile(path)).split("\n");
  for (const [index, text] of texts.entries()) {
    if (text === "") continue;
    try {
      lines.push(JSON.parse(text));
    } catch (error) {
      const next = texts[index + 1] ?? "";
      if (next !== "" && JSON.parse(next).kind !== "start") throw error;
    }
  }
  return lines;
}

/** A text, in few bytes. */
export function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

/** A conversation as the checker names it, from how one of its members does: `#room`, or `@other`. */
export function conversationOf(self: string, to: string): string {
  return to.startsWith("@") ? pairOf(self, to.slice(1)) : to;
}
