import { FileMemory } from "../../client/memory/file_memory.ts";
import { OpaquePake } from "../../client/pake/opaque_pake.ts";

/** A folder of one device, in which its clients keep what they remember; gone with the test. */
export class Pocket implements AsyncDisposable {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** A folder that was there before. */
  static at(folder: string): Pocket {
    return new Pocket(folder);
  }

  static async make(): Promise<Pocket> {
    return new Pocket(await Deno.makeTempDir({ prefix: "chat-pocket-" }));
  }

  /** What a client of this device is made with. */
  async options(name: string, device = "test"): Promise<{
    readonly memory: FileMemory;
    readonly pake: OpaquePake;
    readonly device: string;
  }> {
    const memory = await FileMemory.open({ folder: this.folder, name });
    return { memory, pake: new OpaquePake(), device };
  }

  /** The files of a name, by their names. */
  async files(name: string): Promise<Map<string, string>> {
    const files = new Map<string, string>();
    for await (const { name: file } of Deno.readDir(`${this.folder}/${name}`)) {
      files.set(file, await Deno.readTextFile(`${this.folder}/${name}/${file}`));
    }
    return files;
  }

  /** What a client of this name would show at its next sign-in. */
  async session(name: string): Promise<string | undefined> {
    return JSON.parse(await Deno.readTextFile(`${this.folder}/${name}/device.json`)).session;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.folder, { recursive: true });
  }
}
