import { ChatClient, type ClientEvent } from "../../../client/chat_client.ts";
import type { Memory } from "../../../client/memory/memory.ts";
import { within } from "./within.ts";
import { OpaquePake } from "../../../client/pake/opaque_pake.ts";
import { tcp, type Transport } from "../../../client/transport.ts";

const PATIENCE_MS = 10_000;

/** How a {@linkcode Witness} comes to its server. */
export interface WitnessOptions {
  readonly port: number;
  readonly name: string;
  readonly memory?: Memory;
  readonly dial?: () => Promise<Transport>;
}

/** A client in this process that keeps everything it was told. */
export class Witness implements AsyncDisposable {
  readonly chat: ChatClient;
  readonly events: ClientEvent[] = [];
  readonly #reading: Promise<void>;
  #waiting: (() => void)[] = [];

  constructor({ port, name, memory, dial }: WitnessOptions) {
    this.chat = new ChatClient({
      dial: dial ?? (() => tcp("127.0.0.1", port)),
      name,
      version: "test",
      backoff: { minMs: 5, maxMs: 100 },
      pake: new OpaquePake(),
      ...memory ? { memory } : {},
    });
    this.#reading = this.#read();
    this.chat.start();
  }

  /** Resolves with the first event of a kind (that `fits`), among those that came and those that come. */
  async told<K extends ClientEvent["kind"]>(
    kind: K,
    fits: (event: Extract<ClientEvent, { kind: K }>) => boolean = () => true,
  ): Promise<Extract<ClientEvent, { kind: K }>> {
    const isIt = (event: ClientEvent): event is Extract<ClientEvent, { kind: K }> =>
      event.kind === kind && fits(event as Extract<ClientEvent, { kind: K }>);
    const wait = async () => {
      while (true) {
        const found = this.events.find(isIt);
        if (found) return found;
        const { promise, resolve } = Promise.withResolvers<void>();
        this.#waiting.push(resolve);
        await promise;
      }
    };
    const last = () => JSON.stringify(this.events.slice(-5));
    return await within(PATIENCE_MS, () => `${this.chat.name}: ${kind}, after ${last()}`, wait());
  }

  /** The texts shown in a conversation, in their order. */
  shown(to: string): string[] {
    return this.events.flatMap((event) =>
      event.kind === "entry" && event.to === to ? [event.entry.text] : []
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.chat.bye();
    await this.#reading;
  }

  async #read(): Promise<void> {
    for await (const event of this.chat.events) {
      this.events.push(event);
      if (event.kind === "entry") this.chat.shown(event.to, event.entry.seq);
      if (event.kind === "gap") this.chat.shown(event.to, event.until);
      for (const wake of this.#waiting.splice(0)) wake();
    }
  }
}
