import { type Act, membersOf, type Place } from "./history.ts";
import type { SimulatedServer } from "./simulated_server.ts";

/** A message on its way. */
export interface Asked {
  readonly conversation: string;
  readonly id: string;
  readonly hash: string;
}

/** What a simulated client needs of its world. */
interface World {
  readonly note: (act: Act) => void;
  readonly chance: (share: number) => boolean;
}

/** A client that keeps before it sends and remembers what it has shown. */
export class SimulatedClient {
  readonly name: string;
  readonly #client: string;
  readonly #server: SimulatedServer;
  readonly #world: World;
  /** On its disk. */
  readonly #outbox = new Map<string, Asked>();
  readonly #remembered = new Map<string, number>();
  #cursors = new Map<string, number>();
  readonly #rooms = new Set<string>();
  #said = 0;
  #state: "dead" | "offline" | "online" = "dead";

  constructor(client: string, name: string, server: SimulatedServer, world: World) {
    this.#client = client;
    this.name = name;
    this.#server = server;
    this.#world = world;
  }

  isIn(conversation: string): boolean {
    return membersOf(conversation)?.includes(this.name) ?? this.#rooms.has(conversation);
  }

  start(): void {
    if (this.#state !== "dead") return;
    this.#state = "offline";
    this.#cursors = new Map(this.#remembered);
    this.#world.note({ kind: "start", name: this.name, cursors: Object.fromEntries(this.#remembered) });
  }

  connect(): void {
    if (this.#state !== "offline") return;
    if (this.#rooms.size === 0) this.#rooms.add("#lobby");
    for (const room of this.#rooms) {
      this.#cursors.set(room, this.#cursors.get(room) ?? this.#server.head(room));
    }
    this.#server.connect(this, this.#cursors);
    this.#state = "online";
    const rooms = Object.fromEntries(Array.from(this.#rooms, (room) => [room, this.#server.head(room)]));
    this.#world.note({ kind: "online", log: "log-1", rooms });
    for (const asked of this.#outbox.values()) this.#send(asked);
  }

  say(conversation: string): void {
    if (this.#state === "dead" || !this.isIn(conversation)) return;
    const id = `${this.#client}-${++this.#said}`;
    const asked = { conversation, id, hash: `h${id}` };
    this.#world.note({ kind: "attempt", ...asked });
    if (this.#world.chance(0.02)) return this.die();
    this.#world.note({ kind: "kept", id });
    this.#outbox.set(id, asked);
    if (this.#state === "online") this.#send(asked);
  }

  /** Takes what arrives next; says whether something did. */
  receive(): boolean {
    const told = this.#state === "online" ? this.#server.next(this) : undefined;
    if (!told) return false;
    if (told.kind === "entry") this.#entry(told.place);
    else if (told.kind === "gap") {
      const { conversation, from, to } = told;
      this.#world.note({ kind: "gap", conversation, from, to, why: "expired" });
      this.#seen(conversation, to);
    } else {
      this.#outbox.delete(told.id);
      this.#world.note({ kind: "refused", id: told.id, code: told.code });
    }
    return true;
  }

  join(room: string): void {
    if (this.#rooms.has(room) || this.#state !== "online" || !this.#server.idle(this)) return;
    this.#rooms.add(room);
    this.#cursors.set(room, this.#server.head(room));
    this.#world.note({ kind: "joined", conversation: room });
  }

  leave(room: string): void {
    if (!this.#rooms.has(room) || this.#state !== "online" || !this.#server.idle(this)) return;
    // Whoever waits for an outcome there waits until it comes.
    if (
      this.#rooms.size === 1 || Array.from(this.#outbox.values()).some((asked) => asked.conversation === room)
    ) return;
    this.#rooms.delete(room);
    this.#cursors.delete(room);
    this.#remembered.delete(room);
    this.#world.note({ kind: "left", conversation: room });
  }

  cut(): void {
    if (this.#state !== "online") return;
    this.#state = "offline";
    this.#world.note({ kind: "offline", why: "cut" });
  }

  /** Killed; its link goes with it. */
  die(): void {
    this.#server.lose(this);
    this.#state = "dead";
  }

  /** Ends in good order. */
  end(): void {
    if (this.#state === "dead") return;
    this.#world.note({ kind: "end" });
    this.die();
  }

  quiet(): void {
    this.#world.note({ kind: "quiet" });
  }

  #entry(place: Place): void {
    const { conversation, seq, id, from } = place;
    if (from === this.name && this.#outbox.delete(id)) this.#world.note({ kind: "ack", ...place });
    if (!this.isIn(conversation) || seq !== (this.#cursors.get(conversation) ?? 0) + 1) return;
    this.#world.note({ kind: "show", ...place });
    // Killed between showing and remembering, it shows this again in its next life.
    if (this.#world.chance(0.01)) this.die();
    else this.#seen(conversation, seq);
  }

  #seen(conversation: string, seq: number): void {
    this.#cursors.set(conversation, seq);
    this.#remembered.set(conversation, seq);
  }

  #send(asked: Asked): void {
    this.#world.note({ kind: "sent", id: asked.id });
    this.#server.ask(this, asked);
  }
}
