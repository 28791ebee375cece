import { isSecret, newSecret } from "./secret.ts";

/** What a browser shows that was let in once: the cookie by itself, the token because the page says so. */
export interface DoorKey {
  readonly cookie: string;
  readonly token: string;
}

/** Browsers that may come back; whoever opens more has forgotten the first. */
const MOST = 16;

/** Who may come in: whoever has the secret, once; then whoever has the key that it was exchanged for. */
export class DoorKeys {
  #secret: string | undefined;
  #given: readonly DoorKey[] = [];

  /** A new secret; the one before is worth nothing any more. */
  invite(): string {
    this.#secret = newSecret();
    return this.#secret;
  }

  /** A key for the secret, which is worth nothing afterwards. */
  exchange(secret: string): DoorKey | undefined {
    if (this.#secret === undefined || !isSecret(secret, this.#secret)) return undefined;
    this.#secret = undefined;
    const key = { cookie: newSecret(), token: newSecret() };
    this.#given = [...this.#given, key].slice(-MOST);
    return key;
  }

  /** Both belong to the same key. */
  fits({ cookie, token }: { readonly [each in keyof DoorKey]: string | undefined }): boolean {
    let found = false;
    for (const key of this.#given) {
      const [one, other] = [isSecret(cookie, key.cookie), isSecret(token, key.token)];
      if (one && other) found = true;
    }
    return found;
  }
}
