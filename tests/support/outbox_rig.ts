import { assert } from "@std/assert";
import { FrameReader } from "../../protocol/frames.ts";
import { Outbox } from "../../server/outbox.ts";
import { Turn } from "../../server/turn.ts";

const decoder = new TextDecoder();

/** An outbox on a kernel that takes what a test lets it take. */
export class OutboxRig {
  readonly outbox: Outbox;
  readonly failures: string[] = [];
  /** Sizes of the writes so far. */
  readonly writes: number[] = [];
  now = 0;
  readonly #reader = new FrameReader({ welcomed: true });
  readonly #got: string[] = [];
  #writing: { bytes: Uint8Array; taken: (count: number) => void; broke: (error: Error) => void } | undefined;
  #runs: (() => void)[] = [];

  constructor({ limit = Infinity } = {}) {
    const turn = new Turn(() => this.now, (run) => this.#runs.push(run));
    const sink = {
      write: (bytes: Uint8Array) => {
        assert(this.#writing === undefined, "two writes at once");
        assert(bytes.length > 0, "a write of nothing");
        this.writes.push(bytes.length);
        const { promise, resolve, reject } = Promise.withResolvers<number>();
        this.#writing = { bytes, taken: resolve, broke: reject };
        return promise;
      },
      failed: (why: string) => void this.failures.push(why),
    };
    this.outbox = new Outbox(sink, turn, { limit, clock: () => this.now });
  }

  /** Ends turns of the event loop until nothing happens any more. */
  async turn(): Promise<void> {
    for (let turns = 0; turns < 10; turns++) {
      for (const run of this.#runs.splice(0)) run();
      await Promise.resolve();
      await Promise.resolve();
    }
  }

  /** The kernel takes so many bytes of the write under way. */
  async take(count = Infinity): Promise<void> {
    const { bytes, taken } = this.#writing!;
    this.#writing = undefined;
    const some = bytes.subarray(0, count);
    for (const { payload } of this.#reader.push(some)) this.#got.push(decoder.decode(payload));
    taken(some.length);
    await this.turn();
  }

  /** The kernel takes everything there is. */
  async drain(): Promise<void> {
    await this.turn();
    while (this.#writing) await this.take();
  }

  async breakIt(): Promise<void> {
    this.#writing!.broke(new Error("gone"));
    this.#writing = undefined;
    await this.turn();
  }

  get writing(): boolean {
    return this.#writing !== undefined;
  }

  /** What has arrived since this was looked at last. */
  got(): string[] {
    return this.#got.splice(0);
  }
}
