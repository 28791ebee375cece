import type { Certificate } from "../../server/tls/self_signed.ts";
import { freePort } from "./torture/free_port.ts";
import { eventually } from "./house.ts";

/** A server that shows whatever certificate it is given, however wrong, and tells what is said to it inside of TLS. */
export class RogueServer implements AsyncDisposable {
  readonly port: number;
  readonly #folder: string;
  readonly #process: Deno.ChildProcess;
  readonly #reading: Promise<void>;
  #heard = "";
  #over = false;

  private constructor(folder: string, port: number) {
    this.port = port;
    this.#folder = folder;
    const files = ["-cert", `${folder}/cert`, "-cert_chain", `${folder}/cert`, "-key", `${folder}/key`];
    const weak = ["-cipher", "DEFAULT@SECLEVEL=0"];
    this.#process = new Deno.Command("openssl", {
      args: ["s_server", "-quiet", "-accept", `127.0.0.1:${port}`, ...files, ...weak],
      stdin: "piped", // its end would keep it busy
      stdout: "piped",
      stderr: "null",
    }).spawn();
    this.#reading = this.#read();
  }

  /** Resolves when it listens. */
  static async open({ cert, key }: Certificate, port: number = freePort()): Promise<RogueServer> {
    const folder = await Deno.makeTempDir();
    await Deno.writeTextFile(`${folder}/cert`, cert);
    await Deno.writeTextFile(`${folder}/key`, key);
    const server = new RogueServer(folder, port);
    await eventually("it listens", async () => {
      try {
        (await Deno.connect({ port })).close();
        return true;
      } catch {
        return false;
      }
    });
    return server;
  }

  /** Ends it, and resolves with all that was said to it after a handshake. */
  async heard(): Promise<string> {
    const last = await Deno.connect({ port: this.port }); // it hears one after the other
    await last.write(new TextEncoder().encode("no TLS, and the last\n"));
    while (await last.read(new Uint8Array(1_024)).catch(() => null) !== null);
    last.close();
    await this[Symbol.asyncDispose]();
    return this.#heard;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#over) return;
    this.#over = true;
    this.#process.kill("SIGKILL");
    await this.#process.stdin.close().catch(() => {});
    await Promise.all([this.#process.status, this.#reading]);
    await Deno.remove(this.#folder, { recursive: true });
  }

  async #read(): Promise<void> {
    for await (const text of this.#process.stdout.pipeThrough(new TextDecoderStream())) this.#heard += text;
  }
}
