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
  readonly search: "found";
  readonly devices: "devices";
  readonly revoke: "revoked";
  readonly login: "login";
  readonly register: "register";
  readonly enrol: "enrolled";
  readonly unregister: "unregistered";
  readonly publish: "published";
  readonly keys: "keys";
  readonly key_log: "key_log";
  readonly vault: "vault";
  readonly archive: "archive";
  readonly upload: "upload";
  readonly download: "download";
  readonly fetched: "fetched";
  readonly withdraw: "withdrawn";
}
type Asked = Extract<Request, { type: keyof Answers }>;
type Answer<A extends Asked> = Extract<Event, { type: Answers[A["type"]] }>;

/** Asks over one link. */
export type AskOnLink = <const A extends Asked>(asked: A) => Promise<Answer<A>>;

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
  /** Counts links. */
  #link = 0;
  #open = false;
  #opened = Promise.withResolvers<void>();
  /** Why no answer will come any more. */
  #over: string | undefined;

  constructor(send: (request: Request) => void) {
    this.#send = send;
    this.#opened.promise.catch(() => {}); // there may be nobody who waits for it
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

  refuse(ref: string | undefined, why: Refused): boolean {
    return this.#take(ref, (waiting) => waiting.reject(why));
  }

  /**
   * Waits for a link, and gives a way to ask over that one only: for questions that belong together, whatever is done
   * between them. Once it is gone, asking rejects with `offline`.
   */
  async linked(): Promise<AskOnLink> {
    await this.#opened.promise;
    const link = this.#link;
    return async (asked) => {
      if (link !== this.#link) throw lost();
      return await this.ask(asked, { again: false });
    };
  }

  /** A link is up: whatever has no answer is asked again. */
  open(): void {
    this.#open = true;
    this.#opened.resolve();
    for (const { request } of this.#waiting.values()) this.#send(request);
  }

  /** The link is gone. */
  shut(): void {
    this.#link++;
    if (this.#open) this.#opened = Promise.withResolvers();
    this.#opened.promise.catch(() => {});
    this.#open = false;
    for (const [ref, waiting] of this.#waiting) {
      if (waiting.again) continue;
      this.refuse(ref, lost());
    }
  }

  /** No answer will come any more. */
  end(message: string): void {
    this.#over = message;
    this.#opened.reject(new Refused("ended", message));
    for (const ref of this.#waiting.keys()) this.refuse(ref, new Refused("ended", message));
  }

  #take(ref: string | undefined, then: (waiting: Waiting) => void): boolean {
    const waiting = ref === undefined ? undefined : this.#waiting.get(ref);
    if (ref === undefined || waiting === undefined) return false;
    this.#waiting.delete(ref);
    then(waiting);
    return true;
  }
}

function lost(): Refused {
  return new Refused("offline", "The connection was lost before the answer came");
}
