import * as v from "valibot";
import { makeFolder, readJson, readText, replaceFile } from "../memory/own_file.ts";

const schema = v.object({
  /** The certificate that is trusted, PEM; nothing where an authority vouches for the server's name. */
  cert: v.exactOptional(v.string()),
});

/** How a server was known to be itself the last time: from then on it has to speak TLS. */
export type Known = v.InferOutput<typeof schema>;

/** What is remembered of one server's identity; without a folder as long as the process lives. */
export class KnownServer {
  readonly #folder: string | undefined;
  #known: Known | undefined;

  private constructor(folder: string | undefined, known: Known | undefined) {
    this.#folder = folder;
    this.#known = known;
  }

  static async open(folder: string | undefined): Promise<KnownServer> {
    if (folder === undefined) return new KnownServer(undefined, undefined);
    return new KnownServer(folder, readJson(schema, await readText(`${folder}/server.json`) ?? ""));
  }

  get known(): Known | undefined {
    return this.#known;
  }

  /** Trusts this from now on. Rejects where it cannot be remembered. */
  async trust(known: Known): Promise<void> {
    this.#known = known;
    if (this.#folder === undefined) return;
    await makeFolder(this.#folder);
    await replaceFile(`${this.#folder}/server.json`, `${JSON.stringify(known)}\n`);
  }
}
