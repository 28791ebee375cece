import { ChatClient, type ChatClientOptions, type ClientEvent } from "../../client/chat_client.ts";
import { tcp } from "../../client/transport.ts";

type Of<K extends ClientEvent["kind"]> = Extract<ClientEvent, { kind: K }>;

/** A client whose events are kept, and can be waited for. */
export class Watched implements AsyncDisposable {
  readonly client: ChatClient;
  /** Everything so far. */
  readonly seen: ClientEvent[] = [];
  /** Resolves when the events have ended. */
  readonly over: Promise<void>;
  #look: (() => void)[] = [];
  #taken = 0;

  constructor(client: ChatClient) {
    this.client = client;
    this.over = this.#read();
  }

  /** The first event of this kind (that `fits`) after the one that this returned last; rejects if the events end first. */
  async next<K extends ClientEvent["kind"]>(
    kind: K,
    fits: (event: Of<K>) => boolean = () => true,
  ): Promise<Of<K>> {
    while (true) {
      for (; this.#taken < this.seen.length; this.#taken++) {
        const event = this.seen[this.#taken]!;
        if (event.kind !== kind || !fits(event as Of<K>)) continue;
        this.#taken++;
        return event as Of<K>;
      }
      if (this.seen.at(-1)?.kind === "ended") {
        throw new Error(`The events ended before ${kind}: ${JSON.stringify(this.seen.at(-1))}`);
      }
      await new Promise<void>((resolve) => this.#look.push(resolve));
    }
  }

  /** Resolves when `reached` holds, which is looked at after each event; rejects if the events end first. */
  async until(reached: () => boolean): Promise<void> {
    while (!reached()) {
      if (this.seen.at(-1)?.kind === "ended") {
        throw new Error(`The events ended before what was awaited: ${JSON.stringify(this.seen.at(-1))}`);
      }
      await new Promise<void>((resolve) => this.#look.push(resolve));
    }
  }

  /** How many events of a kind there were. */
  count(kind: ClientEvent["kind"]): number {
    return this.seen.filter((event) => event.kind === kind).length;
  }

  /** The texts shown so far in a conversation, with who said them. */
  shown(to: string): string[] {
    return this.seen.flatMap((event) =>
      event.kind === "entry" && event.to === to ? [`${event.entry.from}: ${event.entry.text}`] : []
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.bye();
    await this.over;
  }

  async #read(): Promise<void> {
    for await (const event of this.client.events) {
      this.seen.push(event);
      for (const look of this.#look.splice(0)) look();
    }
    for (const look of this.#look.splice(0)) look();
  }
}

/** A client under way to a port of this machine. */
export function connect(port: number, name: string, options: Partial<ChatClientOptions> = {}): Watched {
  const client = new ChatClient({
    dial: () => tcp("127.0.0.1", port),
    name,
    version: "test",
    backoff: { minMs: 5, maxMs: 50 },
    ...options,
  });
  const watched = new Watched(client);
  client.start();
  return watched;
}

/** A client that has signed in. */
export async function signedIn(
  port: number,
  name: string,
  options?: Partial<ChatClientOptions>,
): Promise<Watched> {
  const watched = connect(port, name, options);
  await watched.next("online");
  return watched;
}
