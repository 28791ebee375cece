import { eventually } from "./house.ts";
import type { Place } from "./network.ts";

/** What somebody sees who listens on the loopback of a network: every packet, as tshark writes it down. */
export class Capture implements AsyncDisposable {
  readonly #place: Place;
  readonly #file: string;
  readonly #process: Deno.ChildProcess;

  private constructor(place: Place, file: string) {
    this.#place = place;
    this.#file = file;
    const [program, ...args] = [...place.prefix, "tshark", "-q", "-i", "lo", "-w", file];
    this.#process = new Deno.Command(program!, { args, stdout: "null", stderr: "null" }).spawn();
  }

  /** Resolves when it sees what passes. */
  static async open(place: Place, file: string): Promise<Capture> {
    const capture = new Capture(place, file);
    await capture.#sees("the beginning");
    return capture;
  }

  /** Sees what has passed so far, and looks no further; resolves with all that TCP carried, each way of each connection in one piece. */
  async end(): Promise<string> {
    await this.#sees("the end");
    this.#process.kill("SIGINT");
    await this.#process.status;
    const ways = new Map<string, string>();
    const fields = ["tcp.stream", "tcp.srcport", "tcp.payload"].flatMap((field) => ["-e", field]);
    // What was sent twice counts once.
    for (
      const line of (await this.tshark("-Y", "tcp.len > 0 && !tcp.analysis.retransmission", ...fields)).split(
        "\n",
      )
    ) {
      const [stream, from, payload = ""] = line.split("\t");
      const way = `${stream} ${from}`;
      ways.set(way, (ways.get(way) ?? "") + payload);
    }
    const text = (hex: string) => new TextDecoder("latin1").decode(Uint8Array.fromHex(hex));
    return Array.from(ways.values(), text).join("\n");
  }

  /** How many records of TLS were seen on a port that carry what people say. */
  async records(port: number): Promise<number> {
    const told = await this.tshark("-d", `tcp.port==${port},tls`, "-Y", "tls.app_data", "-e", "tls.app_data");
    return told.split(/[\n,]/).filter((each) => each !== "").length;
  }

  async tshark(...args: readonly string[]): Promise<string> {
    const command = ["-r", this.#file, "-T", "fields", ...args];
    const { success, stdout, stderr } = await new Deno.Command("tshark", { args: command }).output();
    if (!success) throw new Error(`tshark: ${new TextDecoder().decode(stderr)}`);
    return new TextDecoder().decode(stdout);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#process.kill("SIGKILL");
    } catch { /* over already */ }
    await this.#process.status;
  }

  /** Resolves when a packet sent from now on is in the file, and with it all before. */
  async #sees(what: string): Promise<void> {
    const mark = crypto.randomUUID();
    await eventually(`${what} was seen`, async () => {
      await this.#place.do("bash", "-c", `echo ${mark} > /dev/udp/127.0.0.1/9`).catch(() => {}); // nobody is there
      const seen = await Deno.readFile(this.#file).catch(() => new Uint8Array());
      return new TextDecoder("latin1").decode(seen).includes(mark);
    });
  }
}
