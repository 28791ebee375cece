/** The text of a request's body; nothing where it is longer than `most` bytes, broken off, or not UTF-8. */
export async function readShort(request: Request, most: number): Promise<string | undefined> {
  const bytes = new Uint8Array(most);
  let size = 0;
  try {
    for await (const chunk of request.body ?? []) {
      if (size + chunk.length > most) return undefined;
      bytes.set(chunk, size);
      size += chunk.length;
    }
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(0, size));
  } catch {
    return undefined;
  }
}
