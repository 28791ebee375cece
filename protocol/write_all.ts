/** What takes bytes, as many at a time as it likes. */
interface Writer {
  write(bytes: Uint8Array): Promise<number>;
}

/** Resolves when all of it is taken; rejects as the writer does. */
export async function writeAll(to: Writer, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await to.write(bytes.subarray(at));
}
