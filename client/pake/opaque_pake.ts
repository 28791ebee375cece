import { MAX_STRETCHING } from "../../protocol/limits.ts";
import type { Stretching } from "../../protocol/schema.ts";
import { Refused } from "../refused.ts";
import type { LoginStart, Pake, RegisterStart } from "./pake.ts";
import type { Call, Outcome, Steps } from "./steps.ts";

/** OPAQUE in a Worker that may do nothing else. It starts with the first password, and ends when it has been dealt with. */
export class OpaquePake implements Pake {
  #worker: Worker | undefined;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  #calls = 0;
  #over = false;

  async login(password: string): Promise<LoginStart> {
    const { state, request } = await this.#take("startLogin", { password });
    return {
      request,
      finish: (response, stretching) =>
        this.#finish("finishLogin", { password, state, response, stretching }),
    };
  }

  async register(password: string): Promise<RegisterStart> {
    const { state, request } = await this.#take("startRegistration", { password });
    return {
      request,
      finish: (response, stretching) =>
        this.#finish("finishRegistration", { password, state, response, stretching }),
    };
  }

  [Symbol.dispose](): void {
    this.#over = true;
    this.#break(new Refused("ended", "The client has ended"));
  }

  async #finish<S extends "finishLogin" | "finishRegistration">(
    step: S,
    given: Parameters<Steps[S]>[0],
  ): Promise<ReturnType<Steps[S]>> {
    if (!bearable(given.stretching)) {
      throw new Refused("stretching", "The server asks for more work on the password than is reasonable");
    }
    try {
      return await this.#take(step, given);
    } finally {
      if (this.#waiting.size === 0) this.#end(); // with all the memory that stretching took
    }
  }

  async #take<S extends keyof Steps>(step: S, given: Parameters<Steps[S]>[0]): Promise<ReturnType<Steps[S]>> {
    if (this.#over) throw new Refused("ended", "The client has ended");
    this.#worker ??= this.#start();
    const id = ++this.#calls;
    const done = Promise.withResolvers<unknown>();
    this.#waiting.set(id, done);
    this.#worker.postMessage({ id, step, given } satisfies Call);
    return await done.promise as ReturnType<Steps[S]>;
  }

  #start(): Worker {
    const url = new URL("./pake_worker.ts", import.meta.url);
    const worker = new Worker(url, { type: "module", deno: { permissions: "none" } });
    worker.onmessage = ({ data }: MessageEvent<Outcome>) => {
      const done = this.#waiting.get(data.id);
      this.#waiting.delete(data.id);
      if ("error" in data) done?.reject(senseless(data.error));
      else done?.resolve(data.value);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.#break(senseless(event.message));
    };
    return worker;
  }

  #break(why: Refused): void {
    this.#end();
    for (const { reject } of this.#waiting.values()) reject(why);
    this.#waiting.clear();
  }

  #end(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
  }
}

function senseless(what: string): Refused {
  return new Refused("password_exchange", `The server's answer to the password makes no sense (${what})`);
}

/** Argon2 needs 8 KiB for each lane. */
function bearable({ iterations, memory, parallelism }: Stretching): boolean {
  const { iterations: passes, memory: kibibytes, parallelism: lanes } = MAX_STRETCHING;
  return iterations <= passes && memory <= kibibytes && parallelism <= lanes && memory >= 8 * parallelism;
}
