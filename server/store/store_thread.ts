import { revived, StoreFailed, type Told } from "./failures.ts";
import { StoreFull } from "./store.ts";
import type { Answer, FromStore, Job, Role, ToStore } from "./store_link.ts";

interface Options {
  /** The Worker's module. */
  readonly entry: URL;
  readonly role: Role;
  readonly folder: string;
  /** How much is done at a time, as `weight` counts it. */
  readonly most: number;
  /** Hears why it failed, once; it does nothing any more after that. */
  readonly report: (error: Error) => void;
}

interface Asked extends Job {
  readonly weight: number;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** A Worker that has the database open. One batch is in flight; what is asked meanwhile is the next one. */
export class StoreThread {
  readonly #options: Options;
  readonly #worker: Worker;
  readonly #opened = Promise.withResolvers<string>();
  readonly #closed = Promise.withResolvers<void>();
  #waiting: Asked[] = [];
  #flying: readonly Asked[] | undefined;
  /** Resolves when nothing is asked any more; somebody closes. */
  #done: PromiseWithResolvers<void> | undefined;
  #error: Error | undefined;
  #isOpen = false;

  constructor(options: Options) {
    this.#options = options;
    const { entry, folder } = options;
    this.#worker = new Worker(entry, {
      type: "module",
      deno: { permissions: { read: [folder], write: [folder] } },
    });
    this.#opened.promise.catch(() => {}); // told to whoever opens
    this.#worker.onmessage = ({ data }: MessageEvent<FromStore>) => this.#hear(data);
    this.#worker.onmessageerror = () => this.fail(new StoreFailed("Cannot read what the store Worker said"));
    this.#worker.onerror = (event) => {
      event.preventDefault(); // it is for the server to end, with its own exit code
      this.fail(new StoreFailed(`Cannot keep data: the store Worker ended: ${event.message}`));
    };
  }

  /** Resolves with the incarnation. */
  open(pages?: number): Promise<string> {
    const { role, folder } = this.#options;
    this.#post({ type: "open", role, folder, pages });
    return this.#opened.promise;
  }

  ask(call: string, args: readonly unknown[], weight = 1): Promise<unknown> {
    if (this.#error) return Promise.reject(this.#error);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ call, args, weight, resolve, reject });
      if (this.#waiting.length === 1) queueMicrotask(() => this.#send()); // what one turn asks goes together
    });
  }

  /** Closes the database once everything asked is done, and ends the Worker. */
  async close(): Promise<void> {
    if (this.#flying || this.#waiting.length > 0) await (this.#done ??= Promise.withResolvers()).promise;
    if (this.#isOpen && !this.#error) {
      this.#post({ type: "close" });
      await this.#closed.promise;
    }
    this.end();
  }

  /** Ends the Worker at once. */
  end(): void {
    this.#error ??= new StoreFailed("Cannot use the store: it is closed");
    this.#worker.terminate();
  }

  /** Nothing is asked of the Worker any more, and nothing that was asked is answered. */
  fail(error: Error): void {
    if (this.#error) return;
    this.#error = error;
    this.#opened.reject(error);
    this.#closed.resolve();
    for (const { reject } of [...this.#flying ?? [], ...this.#waiting]) reject(error);
    this.#flying = undefined;
    this.#waiting = [];
    this.#done?.resolve();
    this.#options.report(error);
  }

  #hear(message: FromStore): void {
    switch (message.type) {
      case "opened":
        this.#isOpen = true;
        return this.#opened.resolve(message.incarnation);
      case "answers":
        return this.#answered(message.answers);
      case "failed":
        return this.fail(
          this.#isOpen ? failure(message.error, this.#options.folder) : revived(message.error),
        );
      case "closed":
        return this.#closed.resolve();
      default:
        return message satisfies never;
    }
  }

  #answered(answers: readonly Answer[]): void {
    const flown = this.#flying ?? [];
    if (answers.length !== flown.length) {
      return this.fail(new StoreFailed("Cannot trust the store Worker: answers are missing"));
    }
    this.#flying = undefined;
    this.#send();
    answers.forEach((answer, i) => {
      const { resolve, reject } = flown[i]!;
      if (answer === "full") reject(new StoreFull("There is no room for more"));
      else if ("refused" in answer) reject(revived(answer.refused));
      else resolve(answer.value);
    });
    if (!this.#flying) this.#done?.resolve();
  }

  #send(): void {
    if (this.#error || this.#flying || this.#waiting.length === 0) return;
    let weight = 0;
    let count = 0;
    while (count < this.#waiting.length && weight < this.#options.most) {
      weight += this.#waiting[count++]!.weight;
    }
    this.#flying = this.#waiting.splice(0, count);
    this.#post({ type: "jobs", jobs: this.#flying.map(({ call, args }) => ({ call, args })) });
  }

  #post(message: ToStore): void {
    this.#worker.postMessage(message);
  }
}

function failure(error: Told, folder: string): Error {
  if (error.kind === "Damaged") return revived(error);
  return new StoreFailed(`Cannot keep data in ${folder} any more: ${error.message}`);
}
