import type { Request } from "../protocol/schema.ts";
import type { Draft } from "./client_event.ts";
import { disposed } from "./disposed.ts";
import { asRequest } from "./draft_request.ts";
import type { Identity } from "./identity.ts";
import type { Keys } from "./keys/keys.ts";
import { Refused } from "./refused.ts";

/** When whispers are sealed, and with what: between accounts always, unless a person asked otherwise. */
export class Sealing {
  readonly keys: Keys | undefined;
  readonly #me: () => Pick<Identity, "name" | "account" | "owned">;
  /** From the password that was given last, until it is handed on. */
  #exportKey: string | undefined;

  /** `me`: who this client is by now. */
  constructor(keys: Keys | undefined, me: () => Pick<Identity, "name" | "account" | "owned">) {
    this.keys = keys;
    this.#me = me;
  }

  /** The password was given, and this came of it. */
  proven(exportKey: string): void {
    this.#exportKey = exportKey;
  }

  /** An account of this name is about to be made: its keys are there before it is. Never rejects. */
  async found(name: string, exportKey: string): Promise<void> {
    try {
      await this.keys?.found({ name, exportKey });
    } catch { /* told when it is there, and has none */ }
  }

  /** Signed in to the account of this name. */
  signedIn(name: string): void {
    const exportKey = this.#exportKey;
    this.#exportKey = undefined;
    this.keys?.signedIn({ name, ...exportKey === undefined ? {} : { exportKey } });
  }

  /** What opens the account's keys from now on, for the server to keep with a new password. */
  async vaultFor(exportKey: string): Promise<string | undefined> {
    return await this.keys?.vaultFor(exportKey);
  }

  /** A draft as it is sent. A promise does not reject: it comes to a refusal where it must not be sent. */
  prepare(draft: Draft): Request | Promise<Request | Refused> {
    const { to, plain } = draft;
    const { name, account, owned } = this.#me();
    if (!to.startsWith("@") || plain || this.keys === undefined) return asRequest(draft);
    if (account !== undefined) return this.#sealed(draft, this.keys);
    return owned ? Promise.resolve(stripped(name)) : asRequest(draft);
  }

  /** What was sealed for somebody was sealed for other keys than there are by now. */
  stale(to: string): void {
    this.keys?.stale(to.slice(1));
  }

  /** Puts with the server what other devices need. Never rejects. */
  async settle(): Promise<void> {
    await this.keys?.settle();
  }

  /** Never rejects. */
  async close(): Promise<void> {
    await disposed(this.keys);
  }

  async #sealed(draft: Draft, keys: Keys): Promise<Request | Refused> {
    const { to, id, text, file } = draft;
    try {
      const sealed = await keys.seal({ to: to.slice(1), id, body: { text, ...file && { file } } });
      return asRequest(draft, sealed);
    } catch (error) {
      return error instanceof Refused
        ? error
        : new Refused("keys", `This cannot be encrypted: ${String(error)}`);
    }
  }
}

/** Only a server that means ill, or one that has lost its accounts, says so. */
function stripped(name: string): Refused {
  const message =
    `The server says that ${name} has no account any more, so this was not sent, for it would not be ` +
    "encrypted: /register makes another account, --plain lets the server read it";
  return new Refused("no_account", message);
}
