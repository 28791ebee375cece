import { randomFrom } from "../random.ts";
import { type Act, type History, type Line, pairOf, type Place } from "./history.ts";
import { SimulatedClient } from "./simulated_client.ts";
import { SimulatedServer } from "./simulated_server.ts";

const ROOMS = ["#lobby", "#ops", "#tea"];
/** Two terminals of dora's. */
const PEOPLE = [["a", "ada"], ["b", "bob"], ["c", "cyd"], ["d1", "dora"], ["d2", "dora"]] as const;

/** A chat that keeps all its promises while everything else goes wrong: its history has nothing to find. */
export class SimulatedChat {
  readonly #random: () => number;
  readonly #lines: Line[] = [];
  readonly #server = new SimulatedServer();
  readonly #clients: readonly SimulatedClient[];
  #t = 1_000_000;

  constructor(seed: number) {
    this.#random = randomFrom(seed);
    this.#clients = PEOPLE.map(([client, name]) =>
      new SimulatedClient(client, name, this.#server, {
        note: (act) => this.#note(client, act),
        chance: (share) => this.#random() < share,
      })
    );
  }

  /** So many things happen, then all faults end and everybody comes to rest. */
  run(steps: number): History {
    for (const client of this.#clients) client.start();
    for (let step = 0; step < steps; step++) this.#step();
    this.#rest();
    for (const client of this.#clients) client.quiet();
    return { lines: this.#lines, dump: this.#server.dump() };
  }

  #step(): void {
    const client = this.#pick(this.#clients);
    const dice = this.#random();
    if (dice < 0.25) client.say(this.#pick(this.#conversationsOf(client.name)));
    else if (dice < 0.55) this.#server.serve(client, this.#now, this.#random() < 0.03);
    else if (dice < 0.89) client.receive();
    else if (dice < 0.91) this.#caughtUp(client);
    else if (dice < 0.918) this.#cut(client);
    else if (dice < 0.92) this.#crash();
    else if (dice < 0.93) client.die();
    else if (dice < 0.935) client.end();
    else if (dice < 0.95) this.#caughtUp(client).leave(this.#pick(ROOMS));
    else if (dice < 0.98) this.#caughtUp(client).join(this.#pick(ROOMS));
    else this.#server.expire(this.#pick(ROOMS), this.#random());
  }

  #rest(): void {
    while (!this.#clients.every((client) => this.#server.idle(client))) {
      for (const client of this.#clients) this.#caughtUp(client);
    }
  }

  #caughtUp(client: SimulatedClient): SimulatedClient {
    client.start();
    client.connect();
    while (this.#server.serve(client, this.#now, false) || client.receive());
    return client;
  }

  #crash(): void {
    for (const client of this.#clients) this.#cut(client);
  }

  #cut(client: SimulatedClient): void {
    this.#server.lose(client);
    client.cut();
  }

  #conversationsOf(name: string): readonly string[] {
    const others = PEOPLE.map(([, other]) => other).filter((other) => other !== name);
    return [...ROOMS, ...ROOMS, ...others.map((other) => pairOf(name, other))];
  }

  #note(client: string, act: Act): void {
    this.#t += 1 + Math.floor(this.#random() * 1_000);
    this.#lines.push({ ...act, client, t: this.#t });
  }

  get #now(): number {
    return 1_700_000_000_000 + Math.floor(this.#t / 1_000);
  }

  #pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.#random() * from.length)]!;
  }
}

/** What a simulated server tells a simulated client. */
export type Told =
  | { readonly kind: "entry"; readonly place: Place }
  | { readonly kind: "gap"; readonly conversation: string; readonly from: number; readonly to: number }
  | { readonly kind: "refused"; readonly id: string; readonly code: string };
