import { makeFolder } from "../memory/own_file.ts";
import { safeName } from "../files/file_name.ts";

const MODE = 0o600;

/** Files that were dropped into a window, until they are sent: a browser says what is in them, not where they are. */
export class DropBox {
  #folder: string | undefined;

  /** They lie in `folder` from now on; without one they are kept as long as the system keeps temporary ones. */
  open(folder: string | undefined): void {
    this.#folder = folder === undefined ? undefined : `${folder}/dropped`;
  }

  /** Takes a file in; resolves with where it lies. Rejects where it breaks off, or there is no room. */
  async take(name: string, body: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string> {
    const folder = this.#folder === undefined
      ? await Deno.makeTempDir({ prefix: "chat-" })
      : `${this.#folder}/${crypto.randomUUID()}`;
    await makeFolder(folder);
    const path = `${folder}/${safeName(name)}`;
    try {
      const file = await Deno.open(path, { write: true, createNew: true, mode: MODE });
      await body.pipeTo(file.writable);
      return path;
    } catch (error) {
      await Deno.remove(folder, { recursive: true }).catch(() => {});
      throw error;
    }
  }

  /** It is sent, or will not be: if it was dropped here, it is removed. Never rejects. */
  async done(path: string | undefined): Promise<void> {
    if (path === undefined || this.#folder === undefined || !path.startsWith(`${this.#folder}/`)) return;
    await Deno.remove(path.slice(0, path.lastIndexOf("/")), { recursive: true }).catch(() => {});
  }
}
