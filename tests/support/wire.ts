import { decodeEvent } from "../../protocol/codec.ts";
import { frame, FrameReader } from "../../protocol/frames.ts";
import { joined } from "../../protocol/joined.ts";
import type { Event, Request } from "../../protocol/schema.ts";
import { type Line, openLine, openLineFrom } from "./line.ts";

export type Of<T extends Event["type"]> = Extract<Event, { type: T }>;

/** How long a test waits for a fact before it fails. */
const DEADLINE_MS = 10_000;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A payload, right or wrong, to the bytes of one JSON frame; a string is taken as it is. */
export function framed(payload: string | object): Uint8Array<ArrayBuffer> {
  return frame(encoder.encode(typeof payload === "string" ? payload : JSON.stringify(payload)));
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return joined(parts);
}

/**
 * A client that takes nothing for granted: it writes bytes, right or wrong, and hands over the frames that come back,
 * each checked against the schema. It reads only while somebody waits for a frame.
 */
export class Wire implements Disposable {
  /** The payloads of all frames so far. */
  readonly payloads: string[] = [];
  readonly #line: Line;
  readonly #frames = new FrameReader({ welcomed: true });
  readonly #waiting: Event[] = [];
  #fences = 0;

  constructor(line: Line) {
    this.#line = line;
  }

  static async open(port: number, { from }: { readonly from?: string | undefined } = {}): Promise<Wire> {
    return new Wire(await (from === undefined ? openLine(port) : openLineFrom(from, port)));
  }

  /** Writes bytes as they are. */
  async write(...bytes: readonly Uint8Array[]): Promise<void> {
    for (const each of bytes) await this.#line.write(each);
  }

  /** Sends requests, one frame each, in one write. */
  async send(...requests: readonly (Request | object | string)[]): Promise<void> {
    await this.#line.write(concat(...requests.map(framed)));
  }

  /** The next frame; `undefined` when the server has said its last. */
  async next(): Promise<Event | undefined> {
    while (this.#waiting.length === 0) {
      const bytes = await this.#read();
      if (bytes === undefined) return undefined;
      for (const { payload } of this.#frames.push(bytes)) {
        this.payloads.push(decoder.decode(payload));
        this.#waiting.push(decodeEvent(payload.slice()));
      }
    }
    return this.#waiting.shift();
  }

  /** The next frame of a type (that `fits`); frames before it are skipped. Rejects when there is none. */
  async until<T extends Event["type"]>(
    type: T,
    fits: (event: Of<T>) => boolean = () => true,
  ): Promise<Of<T>> {
    for (let event; (event = await this.next());) {
      if (event.type === type && fits(event as Of<T>)) return event as Of<T>;
    }
    throw new Error(`The connection ended before a ${type} came, after ${this.payloads.slice(-3)}`);
  }

  /** What comes until the server has answered everything asked so far. */
  async fence(): Promise<Event[]> {
    const ref = `fence-${this.#fences++}`;
    await this.send({ type: "ping", ref });
    const events: Event[] = [];
    for (let event; (event = await this.next());) {
      if (event.type === "pong" && event.ref === ref) return events;
      events.push(event);
    }
    throw new Error(`The connection ended before it answered, after ${this.payloads.slice(-3)}`);
  }

  /** What comes until the server closes the connection. */
  async rest(): Promise<Event[]> {
    const events: Event[] = [];
    for (let event; (event = await this.next());) events.push(event);
    return events;
  }

  /** Says hello; resolves with the welcome, rejects when there is none. */
  async signIn(name: string, more: object = {}): Promise<Of<"welcome">> {
    const event = await this.hello(name, more);
    if (event.type === "welcome") return event;
    throw new Error(`${name} is not welcome: ${JSON.stringify(event)}`);
  }

  /** Says hello; resolves with the answer. */
  async hello(name: string, more: object = {}): Promise<Event> {
    await this.send({ type: "hello", protocol: 1, name, ...more });
    const event = await this.next();
    if (event === undefined) throw new Error("The connection ended before hello was answered");
    return event;
  }

  /** Says that nothing more will be written. */
  async closeWrite(): Promise<void> {
    await this.#line.closeWrite();
  }

  [Symbol.dispose](): void {
    this.#line.close();
  }

  async #read(): Promise<Uint8Array | undefined> {
    const { promise, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      reject(new Error(`Nothing came for ${DEADLINE_MS / 1000} s, after ${this.payloads.slice(-3)}`));
      this.#line.close();
    }, DEADLINE_MS);
    try {
      return await Promise.race([promise, this.#line.read()]);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** A wire that has signed in. */
export async function welcomed(
  port: number,
  name: string,
  { from, ...more }: { readonly from?: string; readonly [field: string]: unknown } = {},
): Promise<Wire & { readonly welcome: Of<"welcome"> }> {
  const wire = await Wire.open(port, { from });
  return Object.assign(wire, { welcome: await wire.signIn(name, more) });
}

/** A frame of a type that must be there. */
export function only<T extends Event["type"]>(events: readonly Event[], type: T): Of<T> {
  const [first, ...more] = events.filter((event) => event.type === type);
  if (first === undefined || more.length > 0) {
    throw new Error(`Expected one ${type}, not ${JSON.stringify(events)}`);
  }
  return first as Of<T>;
}
