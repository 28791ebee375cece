/** A page on disk that leads to the address of the window: arguments of a program can be read by everybody on this machine. */
export class PointerFile {
  #path: string | undefined;

  /** Writes it, for the owner only; returns the path. */
  async write(address: string): Promise<string> {
    await this.remove();
    const path = `${temporary()}/chat-${crypto.randomUUID()}.html`;
    const refresh = `<meta http-equiv="refresh" content="0; url=${address}">`;
    const page = `<!doctype html><meta charset="utf-8"><title>chat</title>${refresh}\n`;
    await Deno.writeTextFile(path, page, { createNew: true, mode: 0o600 });
    this.#path = path;
    return path;
  }

  /** It is not needed any more. */
  async remove(): Promise<void> {
    const path = this.#path;
    this.#path = undefined;
    if (path !== undefined) await Deno.remove(path).catch(() => {}); // somebody tidied up
  }
}

/** Where files lie that nobody misses. */
function temporary(): string {
  for (const variable of ["XDG_RUNTIME_DIR", "TMPDIR", "TEMP"]) {
    const folder = Deno.env.get(variable);
    if (folder) return folder;
  }
  return "/tmp";
}
