/** The terminal, as little of it as is needed. */
export interface Tty {
  /** Never less than one row and one column. */
  readonly size: { readonly columns: number; readonly rows: number };
  /** Writes all of `text` before it returns. */
  write(text: string): void;
  /** Takes keys as they are typed, without echo; or gives that back. */
  raw(on: boolean): void;
  /** What is typed, decoded. */
  readonly input: AsyncIterable<string>;
}

const encoder = new TextEncoder();

/** The terminal that this process was started in. */
export const processTty: Tty = {
  get size() {
    try {
      const { columns, rows } = Deno.consoleSize();
      return { columns: columns || 80, rows: rows || 24 };
    } catch {
      return { columns: 80, rows: 24 };
    }
  },
  write(text) {
    const bytes = encoder.encode(text);
    for (let at = 0; at < bytes.length;) at += Deno.stdout.writeSync(bytes.subarray(at));
  },
  raw(on) {
    Deno.stdin.setRaw(on);
  },
  get input() {
    return Deno.stdin.readable.pipeThrough(new TextDecoderStream());
  },
};
