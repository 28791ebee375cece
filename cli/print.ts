const encoder = new TextEncoder();

/** Writes all of `text` to standard output; whether anybody reads it: a reader that has gone is no error. */
export function print(text: string): boolean {
  return write(Deno.stdout, text);
}

/** Writes all of `text` to standard error. */
export function printError(text: string): void {
  write(Deno.stderr, text);
}

function write(to: { writeSync(bytes: Uint8Array): number }, text: string): boolean {
  try {
    for (let bytes = encoder.encode(text); bytes.length > 0;) bytes = bytes.subarray(to.writeSync(bytes));
    return true;
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
    return false;
  }
}
