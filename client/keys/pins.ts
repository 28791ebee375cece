import * as v from "valibot";
import { readJson } from "../memory/own_file.ts";
import { KeyLog } from "./key_log.ts";
import type { Patience } from "./patience.ts";
import type { Slot } from "./slot.ts";

const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const pin = v.object({
  key: v.string(),
  counter: whole,
  signature: v.string(),
  devices: v.array(v.string()),
  verified: v.boolean(),
  /** Another key that the server shows, and nobody has accepted. */
  other: v.exactOptional(v.string()),
});
const schema = v.object({
  pins: v.record(v.string(), pin),
  log: v.array(v.object({ n: whole, user: v.string(), key: v.exactOptional(v.string()), hash: v.string() })),
});

/** What is known of somebody's keys. */
export type Pin = v.InferOutput<typeof pin>;

/** Whose keys are trusted, and the key log as far as it was seen; on disk, as far as there is a place. */
export class Pins {
  readonly log = new KeyLog();
  readonly #slot: Slot;
  readonly #pins = new Map<string, Pin>();
  readonly #patience: Patience;
  #writing: Promise<void> = Promise.resolve();

  private constructor(slot: Slot, patience: Patience) {
    this.#slot = slot;
    this.#patience = patience;
  }

  static async open(slot: Slot, patience: Patience): Promise<Pins> {
    const pins = new Pins(slot, patience);
    const known = readJson(schema, await slot.trusted() ?? "");
    for (const [name, each] of Object.entries(known?.pins ?? {})) pins.#pins.set(name, each);
    await pins.log.take(known?.log ?? []);
    return pins;
  }

  of(name: string): Pin | undefined {
    return this.#pins.get(name);
  }

  /** Resolves when it is on disk, or has to wait for that. */
  async set(name: string, pin: Pin): Promise<void> {
    this.#pins.set(name, pin);
    await this.write();
  }

  /** One write at a time, each with all there is then. Resolves like {@linkcode set}. */
  async write(): Promise<void> {
    this.#writing = this.#writing.then(() => this.#patience.until(() => this.#write()));
    await this.#patience.orTrouble(this.#writing);
  }

  /** Resolves when all of it is on disk. */
  async written(): Promise<void> {
    await this.#writing;
  }

  async #write(): Promise<void> {
    const log = this.log.links;
    await this.#slot.trust(`${JSON.stringify({ pins: Object.fromEntries(this.#pins), log })}\n`);
  }
}
