import { downloads, withFiles } from "./with_files.ts";
import { MlsKeys } from "../../client/keys/mls_keys.ts";
import { Pocket } from "./pocket.ts";
import { type Tamper, tampered } from "./tampered.ts";
import { connect, signedIn, type Watched } from "./watched.ts";

/** A machine with people on it who have accounts, and keys on its disk. */
export class Keyring implements AsyncDisposable {
  readonly password = "correct horse battery";
  readonly #port: number;
  readonly #pocket: Pocket;
  readonly #folder: string;

  private constructor(port: number, pocket: Pocket, folder: string) {
    this.#port = port;
    this.#pocket = pocket;
    this.#folder = folder;
  }

  static async make(port: number): Promise<Keyring> {
    return new Keyring(port, await Pocket.make(), await Deno.makeTempDir({ prefix: "chat-keys-" }));
  }

  /** Where the keys of somebody lie. */
  folder(name: string): string {
    return `${this.#folder}/${name}`;
  }

  /** Where what somebody fetches is saved. */
  downloads(name: string): string {
    return downloads(this.#folder, name);
  }

  /** Somebody new, with an account. */
  async registered(name: string, port = this.#port, tamper?: Tamper): Promise<Watched> {
    const between = tamper && { dial: () => tampered(port, tamper) };
    const watched = await signedIn(port, name, { ...await this.options(name), ...between });
    await watched.client.register(this.password);
    await watched.client.keys!.look(name);
    return watched;
  }

  /** Somebody who has been here before. */
  async back(name: string, port = this.#port): Promise<Watched> {
    return await signedIn(port, name, await this.options(name));
  }

  /** Somebody who is new on this machine, and knows the password. */
  async withPassword(name: string, port = this.#port): Promise<Watched> {
    const watched = connect(port, name, await this.options(name));
    await watched.next("passwordWanted");
    watched.client.signIn(this.password);
    await watched.next("online");
    await watched.client.keys!.look(name);
    return watched;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pocket[Symbol.asyncDispose]();
    await Deno.remove(this.#folder, { recursive: true });
  }

  /** What a client of somebody is made with here. */
  async options(name: string) {
    const keys: NonNullable<Parameters<typeof connect>[2]>["keys"] = (world) =>
      new MlsKeys(world, (name) => this.folder(name));
    return { ...await this.#pocket.options(name), keys, ...await withFiles(this.#folder, name) };
  }
}
