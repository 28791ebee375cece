/** What makes one way of a line slow. */
export interface Slowness {
  /** How long the next bytes are under way; those behind them do not overtake. */
  readonly delayMs?: () => number;
  /** No more than so many bytes a second. */
  readonly bytesPerSecond?: number;
}

/** One way of a line on which bytes take their time. */
export class SlowLine {
  readonly #slowness: Slowness;
  readonly #write: (bytes: Uint8Array) => Promise<void>;
  /** What is under way has arrived. */
  #arrived: Promise<void> = Promise.resolve();

  constructor(slowness: Slowness, write: (bytes: Uint8Array) => Promise<void>) {
    this.#slowness = slowness;
    this.#write = write;
  }

  /** Sends bytes on their way; resolves when more may be sent. Rejects where the other side is gone. */
  async send(bytes: Uint8Array): Promise<void> {
    const { delayMs, bytesPerSecond } = this.#slowness;
    if (bytesPerSecond !== undefined) await after(bytes.length / bytesPerSecond * 1000);
    if (delayMs === undefined) return await this.#write(bytes);
    const [before, under] = [this.#arrived, after(delayMs())];
    const copy = bytes.slice();
    this.#arrived = Promise.all([before, under]).then(() => this.#write(copy));
    this.#arrived.catch(() => {}); // told by `arrived`
  }

  /** Resolves when everything has arrived. Rejects where the other side is gone. */
  async arrived(): Promise<void> {
    await this.#arrived;
  }
}

async function after(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}
