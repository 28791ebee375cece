import type { DeviceView } from "../protocol/schema.ts";
import type { Role } from "./client_event.ts";
import type { Greeter } from "./greeter.ts";
import type { Identity } from "./identity.ts";
import type { Pake, Proven } from "./pake/pake.ts";
import { preparePassword } from "./pake/password.ts";
import { choose, prove, STRETCHING } from "./password_exchange.ts";
import { Refused } from "./refused.ts";
import type { AskOnLink, Requests } from "./requests.ts";
import type { Sealing } from "./sealing.ts";

/** What {@linkcode Accounts} act upon. */
export interface AccountsOptions {
  readonly identity: Identity;
  readonly pake: Pake | undefined;
  readonly requests: Requests;
  readonly greeter: Greeter;
  readonly sealing: Sealing;
  /** There is another session, or another key. */
  readonly signedIn: () => Promise<void>;
}

/** What the owner of an account does with it while signed in. What is asked here belongs to one link: it is not asked again. */
export class Accounts {
  readonly #options: AccountsOptions;

  constructor(options: AccountsOptions) {
    this.#options = options;
  }

  /** The guest becomes an account. Should the link break, the next one finds out whether it has. */
  async register(typed: string, claim: string | undefined): Promise<Role> {
    const { identity, requests, greeter } = this.#options;
    const password = preparePassword(typed, { fresh: true });
    greeter.standby = password;
    try {
      while (true) {
        const ask = await requests.linked();
        if (identity.account) return identity.account;
        try {
          return await this.#enrol(ask, { password, claim });
        } catch (error) {
          if (!(error instanceof Refused) || error.code !== "offline") throw error;
        }
      }
    } finally {
      greeter.standby = undefined;
    }
  }

  /** All other devices have to sign in anew. */
  async changePassword(old: string, fresh: string): Promise<void> {
    const [known, password] = [preparePassword(old), preparePassword(fresh, { fresh: true })];
    const ask = await this.#options.requests.linked();
    const { proof } = await this.#prove(ask, known);
    await this.#enrol(ask, { password, proof });
  }

  /** The account is no more, and nobody can have its name for a while. */
  async unregister(typed: string): Promise<void> {
    const password = preparePassword(typed);
    const ask = await this.#options.requests.linked();
    const { proof } = await this.#prove(ask, password);
    await ask({ type: "unregister", proof });
  }

  async devices(): Promise<DeviceView[]> {
    return (await this.#options.requests.ask({ type: "devices" })).devices;
  }

  async revoke(device: number): Promise<void> {
    await this.#options.requests.ask({ type: "revoke", device });
  }

  async #prove(ask: AskOnLink, password: string): Promise<Proven> {
    const { name, serverKey } = this.#options.identity;
    return await prove(this.#pake, ask, { name, password, serverKey });
  }

  async #enrol(
    ask: AskOnLink,
    { password, claim, proof }: {
      readonly password: string;
      readonly claim?: string | undefined;
      readonly proof?: string;
    },
  ): Promise<Role> {
    const { identity, signedIn, sealing } = this.#options;
    const { name, device } = identity;
    const { record, serverKey, exportKey } = await choose(this.#pake, ask, { name, password });
    if (proof === undefined) await sealing.found(name, exportKey);
    const vault = proof === undefined ? undefined : await sealing.vaultFor(exportKey); // an account that is new has none
    const chosen = { name, record, stretching: STRETCHING, vault };
    const { session, account } = await ask({ type: "enrol", ...chosen, proof, claim, device });
    Object.assign(identity, { session, account, serverKey, owned: true });
    await signedIn();
    sealing.proven(exportKey);
    sealing.signedIn(name);
    return account;
  }

  get #pake(): Pake {
    const { pake } = this.#options;
    if (pake) return pake;
    throw new Refused("password", "This client cannot deal with passwords");
  }
}
