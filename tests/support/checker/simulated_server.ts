import { type Dump, membersOf, type Place } from "./history.ts";
import { sendKey } from "./ledger.ts";
import type { Told } from "./simulated_chat.ts";
import type { Asked, SimulatedClient } from "./simulated_client.ts";

/** A server that stores, then tells; what it has stored no crash takes away. */
export class SimulatedServer {
  readonly #logs = new Map<string, Place[]>();
  readonly #floors = new Map<string, number>();
  readonly #bySend = new Map<string, Place>();
  /** What was refused once is refused again: else it could come after what its sender said later. */
  readonly #refused = new Set<string>();
  /** What is on its way from and to the clients that are connected. */
  readonly #links = new Map<SimulatedClient, { readonly up: Asked[]; readonly down: Told[] }>();

  /** Connects a client that has these places; what came after them is on its way. */
  connect(client: SimulatedClient, cursors: ReadonlyMap<string, number>): void {
    const down: Told[] = [];
    this.#links.set(client, { up: [], down });
    const pairs = Array.from(this.#logs.keys()).filter((key) => membersOf(key)?.includes(client.name));
    for (const conversation of new Set([...cursors.keys(), ...pairs])) {
      const cursor = cursors.get(conversation) ?? 0;
      const floor = this.#floors.get(conversation) ?? 1;
      if (cursor < floor - 1) down.push({ kind: "gap", conversation, from: cursor + 1, to: floor - 1 });
      for (const place of this.#logs.get(conversation) ?? []) {
        if (place.seq > cursor && place.seq >= floor) down.push({ kind: "entry", place });
      }
    }
  }

  /** The link is gone, with everything on it. */
  lose(client: SimulatedClient): void {
    this.#links.delete(client);
  }

  ask(client: SimulatedClient, asked: Asked): void {
    this.#links.get(client)?.up.push(asked);
  }

  /** What arrives next at a client. */
  next(client: SimulatedClient): Told | undefined {
    return this.#links.get(client)?.down.shift();
  }

  idle(client: SimulatedClient): boolean {
    const link = this.#links.get(client);
    return link !== undefined && link.up.length === 0 && link.down.length === 0;
  }

  head(conversation: string): number {
    return this.#logs.get(conversation)?.length ?? 0;
  }

  /** Takes one request of a client's; says whether there was one. */
  serve(client: SimulatedClient, now: number, refuse: boolean): boolean {
    const link = this.#links.get(client);
    const asked = link?.up.shift();
    if (!link || !asked) return false;
    const { conversation, id, hash } = asked;
    const known = this.#bySend.get(sendKey(client.name, id));
    if (known) {
      const expired = known.seq < (this.#floors.get(known.conversation) ?? 1);
      link.down.push(expired ? { kind: "refused", id, code: "expired" } : { kind: "entry", place: known });
    } else if (refuse || this.#refused.has(sendKey(client.name, id))) {
      this.#refused.add(sendKey(client.name, id));
      link.down.push({ kind: "refused", id, code: "mailbox_full" });
    } else {
      const log = this.#logs.get(conversation) ?? [];
      this.#logs.set(conversation, log);
      const at = Math.max(now, log.at(-1)?.at ?? 0);
      const place = { conversation, seq: log.length + 1, from: client.name, id, hash, at };
      log.push(place);
      this.#bySend.set(sendKey(client.name, id), place);
      for (const [member, { down }] of this.#links) {
        if (member.isIn(conversation)) down.push({ kind: "entry", place });
      }
    }
    return true;
  }

  /** Forgets a share of a room from its start. */
  expire(room: string, share: number): void {
    const floor = this.#floors.get(room) ?? 1;
    const until = Math.floor(floor + share * (this.head(room) - floor));
    // What somebody connected is still being told is kept until it has been.
    const told = Array.from(this.#links.values()).flatMap(({ down }) => down)
      .flatMap((told) => told.kind === "entry" && told.place.conversation === room ? [told.place.seq] : []);
    this.#floors.set(room, Math.max(floor, Math.min(until, ...told)));
  }

  dump(): Dump {
    const extents = Object.fromEntries(
      Array.from(this.#logs, ([key, log]) => [key, { floor: this.#floors.get(key) ?? 1, head: log.length }]),
    );
    const entries = Array.from(this.#logs.values()).flat()
      .filter(({ conversation, seq }) => seq >= extents[conversation]!.floor);
    return { entries, extents, integrity: "ok" };
  }
}
