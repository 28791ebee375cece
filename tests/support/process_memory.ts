/** Which of `texts` stand in the memory that a process may write, in UTF-8 or as its strings keep them. Linux only. */
export async function inMemory(pid: number, texts: readonly string[]): Promise<Set<string>> {
  const found = new Set<string>();
  const forms = texts.flatMap((text) => [[text, text], [text, [...text].join("\0")]] as const);
  const longest = Math.max(...forms.map(([, form]) => form.length));
  const maps = await Deno.readTextFile(`/proc/${pid}/maps`);
  using memory = await Deno.open(`/proc/${pid}/mem`);
  const decoder = new TextDecoder("latin1");
  for (const line of maps.split("\n")) {
    const [, from, to] = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line) ?? [];
    if (from === undefined || to === undefined) continue;
    const end = parseInt(to, 16);
    const buffer = new Uint8Array(1 << 20);
    for (let at = parseInt(from, 16); at < end;) {
      let count: number | null;
      try {
        await memory.seek(at, Deno.SeekMode.Start);
        count = await memory.read(buffer.subarray(0, Math.min(buffer.length, end - at)));
      } catch {
        break; // not for reading
      }
      if (!count) break;
      const text = decoder.decode(buffer.subarray(0, count));
      for (const [canary, form] of forms) if (text.includes(form)) found.add(canary);
      at += at + count < end ? Math.max(1, count - longest) : count;
    }
  }
  return found;
}
