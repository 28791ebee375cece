/** One wait at a time that ends by itself after a while, or when woken. */
export class Alarm {
  #ring: () => void = () => {};

  /** Resolves after `ms`, or when woken; without `ms` only then. */
  wait(ms?: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = ms === undefined ? undefined : setTimeout(resolve, ms);
    this.#ring = () => {
      clearTimeout(timer);
      resolve();
    };
    return promise;
  }

  wake(): void {
    this.#ring();
  }
}
