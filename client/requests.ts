import type { Event, Request } from "../protocol/schema.ts";
import { checked } from "./checked.ts";
import { Refused } from "./refused.ts";

/** The event that answers each request. */
interface Answers {
  readonly join: "joined";
  readonly leave: "left";
  readonly users: "users";
  readonly rooms: "rooms";
  readonly history: "history";
}
type Asked = Extract<Request, { type: keyof Answers }>;
type Answer<A extends Asked> = Extract<Event, { type: Answers[A["type"]] }>;

interface Waiting {
  readonly request: Asked;
  /** Ask again over the next link; otherwise a lost link refuses it. */
  readonly again: boolean;
  resolve(event: Event): void;
  reject(why: Refused): void;
}

/** Questions without an answer yet, by their `ref`. */
export class Requests {
  readonly #waiting = new Map<string, Waiting>();
  readonly #send: (request: Request) => void;
  #asked = 0;
  #open = false;
  /** Why no answer will come any more. */
  #over: string | undefined;

  constructor(send: (request: Request) => void) {
    this.#send = send;
  }

  get size(): number {
    return this.#waiting.size;
  }

  /** Is something of this type asked and not answered? */
  asks(type: Asked["type"]): boolean {
    return this.#waiting.values().some(({ request }) => request.type === type);
  }

  /** Asks now, or as soon as there is a link; rejects with {@linkcode Refused}. */
  async ask<const A extends Asked>(asked: A, { again = true } = {}): Promise<Answer<A>> {
    if (this.#over !== undefined) throw new Refused("ended", this.#over);
    const ref = `r${++this.#asked}`;
    const request = checked({ ...asked, ref });
    const { promise, resolve, reject } = Promise.withResolvers<Event>();
    this.#waiting.set(ref, { request, again, resolve, reject });
    if (this.#open) this.#send(request);
    return await promise as Answer<A>;
  }

  /** Says whether the event answers something that was asked. */
  answer(event: Event & { readonly ref?: string | undefined }): boolean {
    return this.#take(event.ref, (waiting) => waiting.resolve(event));
  }

  refuse(ref: string | undefined, code: string, message: string): boolean {
    return this.#take(ref, (waiting) => waiting.reject(new Refused(code, message)));
  }

  /** A link is up: whatever has no answer is asked again. */
  open(): void {
    this.#open = true;
    for (const { request } of this.#waiting.values()) this.#send(request);
  }

  /** The link is gone. */
  shut(): void {
    this.#open = false;
    for (const [ref, waiting] of this.#waiting) {
      if (!waiting.again) this.refuse(ref, "offline", "The connection was lost before the answer came");
    }
  }

  /** No answer will come any more. */
  end(message: string): void {
    this.#over = message;
    for (const ref of this.#waiting.keys()) this.refuse(ref, "ended", message);
  }

  #take(ref: string | undefined, then: (waiting: Waiting) => void): boolean {
    const waiting = ref === undefined ? undefined : this.#waiting.get(ref);
    if (ref === undefined || waiting === undefined) return false;
    this.#waiting.delete(ref);
    then(waiting);
    return true;
  }
}
