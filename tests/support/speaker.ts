import { Program, type Surroundings } from "./program.ts";

/** `chat connect` in a pipe, which says lines and tells what it is shown. */
export class Speaker extends Program {
  readonly name: string;
  /** What it was shown, each with who said it. */
  readonly shown: string[] = [];
  /** What else it was told: what, and about whom. */
  readonly told: string[] = [];

  protected constructor(name: string, surroundings: Surroundings, address: string) {
    super(surroundings, "connect", address, "--name", name, "--json", "--follow");
    this.name = name;
  }

  /** Resolves when it is there, and has heard itself. */
  static async open(name: string, address: string, surroundings: Surroundings = {}): Promise<Speaker> {
    const speaker = new this(name, surroundings, address);
    await speaker.write("here\n");
    await speaker.until(`${name}: here`);
    return speaker;
  }

  /** Resolves when it was shown this. */
  async until(wanted: string): Promise<void> {
    while (!this.shown.includes(wanted)) await this.#read();
  }

  /** Resolves when it was told this so many times. */
  async untilTold(wanted: string, times = 1): Promise<void> {
    while (this.told.filter((told) => told === wanted).length < times) await this.#read();
  }

  /** What it was shown that somebody said, but for the first. */
  heardOf(name: string): string[] {
    return this.shown.filter((line) => line.startsWith(`${name}: `) && line !== `${name}: here`);
  }

  async #read(): Promise<void> {
    const { type, from, text, user } = JSON.parse(await this.line());
    if (type === "message") this.shown.push(`${from}: ${text}`);
    else this.told.push(user === undefined ? type : `${type} ${user}`);
  }
}

/** The same with a client that soon finds out that a link is dead. */
export class ImpatientSpeaker extends Speaker {
  protected override get chat(): readonly [string, ...string[]] {
    return [
      Deno.execPath(),
      "run",
      "--quiet",
      "-A",
      new URL("impatient_client.ts", import.meta.url).pathname,
    ];
  }
}
