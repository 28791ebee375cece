import { decodeEvent, encode } from "../protocol/codec.ts";
import { ProtocolError } from "../protocol/errors.ts";
import { FrameReader } from "../protocol/frames.ts";
import { joined } from "../protocol/joined.ts";
import type { Event, Request } from "../protocol/schema.ts";
import { Pulse } from "./pulse.ts";
import type { Transport } from "./transport.ts";

/** What a {@linkcode Link} needs from its owner. */
export interface LinkOptions {
  readonly pulse: { readonly quietMs: number; readonly patienceMs: number };
  readonly receive: (event: Event) => void;
  /** Says when the owner cannot take more for now; nothing is read meanwhile. */
  readonly roomy: () => Promise<void> | undefined;
}

/** One connection from its first byte to its last: requests out, events in. */
export class Link {
  readonly #transport: Transport;
  readonly #options: LinkOptions;
  readonly #pulse: Pulse;
  #waiting: Uint8Array[] = [];
  #writing: Promise<void> | undefined;
  #why: string | undefined;

  constructor(transport: Transport, options: LinkOptions) {
    this.#transport = transport;
    this.#options = options;
    this.#pulse = new Pulse(options.pulse, {
      ping: () => this.send({ type: "ping" }),
      dead: () => this.close("the server does not answer any more"),
    });
  }

  /** Queues a request; what gathers in one turn leaves in one write. */
  send(request: Request): void {
    if (this.#why !== undefined) return;
    this.#waiting.push(encode(request));
    this.#writing ??= this.#write();
  }

  /** From now on silence is suspicious. */
  watch(): void {
    this.#pulse.start();
  }

  /** Ends the link; {@linkcode run} resolves with this reason. */
  close(why: string): void {
    this.#why ??= why;
    this.#transport[Symbol.dispose]();
  }

  /** Reads until the link is over and resolves with the reason; never rejects. */
  async run(): Promise<string> {
    try {
      await this.#read();
      this.#why ??= "the server closed the connection";
    } catch (error) {
      this.#why ??= describe(error);
    }
    this.#pulse.stop();
    this.#transport[Symbol.dispose]();
    await this.#writing;
    return this.#why;
  }

  async #read(): Promise<void> {
    // A server may greet with more than a client: its lists of users stand in `welcome`.
    const frames = new FrameReader({ welcomed: true });
    for await (const chunk of this.#transport.incoming) {
      this.#pulse.heard();
      for (const { kind, payload } of frames.push(chunk)) {
        if (this.#why !== undefined) return;
        if (kind === "json") this.#take(payload);
        const roomy = this.#options.roomy();
        if (roomy === undefined) continue;
        this.#pulse.stop();
        await roomy;
        this.#pulse.start();
      }
    }
  }

  #take(payload: Uint8Array): void {
    const event = understood(payload);
    if (event === undefined || event.type === "pong") return;
    if (event.type === "ping") return this.send({ type: "pong", ref: event.ref });
    this.#options.receive(event);
  }

  /** Never rejects: a failed write ends the link. */
  async #write(): Promise<void> {
    await Promise.resolve(); // let the turn gather more
    try {
      while (this.#waiting.length > 0) {
        const bytes = joined(this.#waiting);
        this.#waiting = [];
        await this.#transport.send(bytes);
      }
    } catch (error) {
      this.#waiting = [];
      this.close(describe(error));
    }
    this.#writing = undefined;
  }
}

/** An event, or nothing where this client is older than what the server says. */
function understood(payload: Uint8Array): Event | undefined {
  try {
    return decodeEvent(payload);
  } catch (error) {
    if (error instanceof ProtocolError && error.code === "unknown_type") return undefined;
    throw error;
  }
}

function describe(error: unknown): string {
  if (error instanceof ProtocolError) {
    return `the server does not keep to the chat protocol (${error.message})`;
  }
  return error instanceof Error ? error.message.replace(/ \(os error \d+\)$/, "") : String(error);
}
