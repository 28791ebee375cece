import { assert, assertEquals } from "@std/assert";
import { createHash } from "node:crypto";
import { eventually } from "../house.ts";
import { within } from "../torture/within.ts";
import type { Ferry } from "./ferry.ts";
import type { Blow, Plan } from "./plan.ts";
import type { Tally } from "./tally.ts";
import type { Toll } from "./toll.ts";

/** Only what goes wrong takes so long. */
const PATIENCE_MS = 120_000;

/** One file, from where it is sent to where it is saved, whoever is killed meanwhile. */
export class Voyage {
  readonly #ferry: Ferry;
  readonly #plan: Plan;
  readonly #name: string;
  readonly #tally: Tally;
  readonly #over = Promise.withResolvers<void>();

  constructor(ferry: Ferry, { plan, name, tally }: { plan: Plan; name: string; tally: Tally }) {
    this.#ferry = ferry;
    this.#plan = plan;
    this.#name = name;
    this.#tally = tally;
  }

  /** Rejects with what is not as it should be. */
  async run(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const path = `${this.#ferry.folder}/${this.#name}`;
    await Deno.writeFile(path, bytes);
    if (this.#plan.whom === "away") assertEquals(await this.#ferry.receiver.end("SIGTERM"), 143);
    const striking = this.#strikeAll();
    const carrying = this.#carry(path).finally(() => this.#over.resolve());
    await within(PATIENCE_MS, "the transfer", Promise.race([carrying, striking.then(() => carrying)]));
    await striking;
    await this.#judge(path, bytes);
    await Deno.remove(path);
    await Deno.remove(this.#landed);
  }

  get #landed(): string {
    return `${this.#ferry.folder}/in/${this.#name}`;
  }

  /** Resolves when the one has sent and the other has saved it. */
  async #carry(path: string): Promise<void> {
    const { whom } = this.#plan;
    const { receiver } = this.#ferry;
    await using sender = this.#ferry.send(path, whom === "room" ? "#lobby" : "bob");
    const sent = sender.over();
    if (whom === "away") {
      await sent;
      await receiver.again();
    }
    const last = receiver.until(({ name, state }) =>
      name === this.#name && (state === "saved" || state === "failed")
    );
    last.catch(() => {}); // awaited below, also when sending fails first
    const { code, said } = await sent;
    assertEquals(code, 0, said);
    const { state, message = "" } = await last;
    assertEquals([state, message], ["saved", ""]);
  }

  /** Each where it is due. */
  async #strikeAll(): Promise<void> {
    let held: { readonly toll: Toll; readonly cut: boolean } | undefined;
    for (const blow of this.#plan.blows) {
      const toll = this.#ferry[blow.way];
      held?.toll.release(held); // nothing passes before the next one is waited for: this is one turn
      const caught = toll.trap(blow.share).then(() => true);
      held = undefined;
      if (!await Promise.race([caught, this.#over.promise])) {
        toll.disarm();
        this.#tally.missed++;
        continue;
      }
      if (!(await this.#ferry.names("in")).includes(this.#name)) this.#tally.hits++;
      await this.#ferry.strike(blow.victim);
      this.#tally.kills[blow.victim]++;
      held = { toll, cut: cuts(blow) };
    }
    held?.toll.release(held);
  }

  /** It is there as it was, once, and nothing else is anywhere. */
  async #judge(path: string, bytes: Uint8Array): Promise<void> {
    const { ferry, tally } = { ferry: this.#ferry, tally: this.#tally };
    assertEquals(await ferry.names("in"), [this.#name], "what is in the receiver's folder");
    assertEquals(hashOf(await Deno.readFile(this.#landed)), hashOf(bytes), `the SHA-256 of ${path}`);
    tally.rounds++;
    tally.bytes += bytes.length;
    tally.whom[this.#plan.whom]++;
    const left = 2 * tally.whom.room;
    await eventually(
      "the server has forgotten it",
      async () => (await ferry.names("data/files")).length === left,
    );
    const up = ferry.up.begun();
    for (const { have, stored } of up) assert(have >= stored, `Of ${stored} bytes stored, ${have} are there`);
    for (const begun of [up, ferry.down.begun()]) {
      for (const { have } of begun.slice(1)) have > 0 ? tally.resumed++ : tally.anew++;
    }
  }
}

/** Whether whoever is killed is an end of the connection that carries the file. */
function cuts({ victim, way }: Blow): boolean {
  return victim === "server" || victim === (way === "up" ? "sender" : "receiver");
}

function hashOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
