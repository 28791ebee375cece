import { Program, type Surroundings } from "./program.ts";

/** `chat connect` in a pipe, which says lines and tells what it is shown. */
export class Speaker extends Program {
  readonly name: string;
  /** What it was shown, each with who said it. */
  readonly shown: string[] = [];

  private constructor(name: string, surroundings: Surroundings, address: string) {
    super(surroundings, "connect", address, "--name", name, "--json", "--follow");
    this.name = name;
  }

  /** Resolves when it is there, and has heard itself. */
  static async open(name: string, address: string, surroundings: Surroundings = {}): Promise<Speaker> {
    const speaker = new Speaker(name, surroundings, address);
    await speaker.write("here\n");
    await speaker.until(`${name}: here`);
    return speaker;
  }

  /** Resolves when it was shown this. */
  async until(wanted: string): Promise<void> {
    while (!this.shown.includes(wanted)) {
      const told = JSON.parse(await this.line());
      if (told.type === "message") this.shown.push(`${told.from}: ${told.text}`);
    }
  }

  /** What it was shown that somebody said, but for the first. */
  heardOf(name: string): string[] {
    return this.shown.filter((line) => line.startsWith(`${name}: `) && line !== `${name}: here`);
  }
}
