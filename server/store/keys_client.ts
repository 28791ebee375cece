import type { KeyStore } from "./key_store.ts";

type Parts<M extends keyof KeyStore> = Parameters<KeyStore[M]>;

/** Asks the Worker that writes. */
type Ask = <M extends keyof KeyStore>(call: M, ...args: Parts<M>) => ReturnType<KeyStore[M]>;

/** Keys, as the Worker that writes knows them. */
export class KeysClient implements KeyStore {
  readonly #ask: Ask;

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  stated() {
    return this.#ask("stated");
  }
  publish(...args: Parts<"publish">) {
    return this.#ask("publish", ...args);
  }
  take(...args: Parts<"take">) {
    return this.#ask("take", ...args);
  }
  keyLog(...args: Parts<"keyLog">) {
    return this.#ask("keyLog", ...args);
  }
  vault(...args: Parts<"vault">) {
    return this.#ask("vault", ...args);
  }
  keep(...args: Parts<"keep">) {
    return this.#ask("keep", ...args);
  }
  kept(...args: Parts<"kept">) {
    return this.#ask("kept", ...args);
  }
  publishers(...args: Parts<"publishers">) {
    return this.#ask("publishers", ...args);
  }
}
