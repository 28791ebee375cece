import type { DeviceView } from "../protocol/schema.ts";
import type { Role } from "./client_event.ts";
import type { Greeter } from "./greeter.ts";
import type { Identity } from "./identity.ts";
import type { Pake, Proven } from "./pake/pake.ts";
import { preparePassword } from "./pake/password.ts";
import { choose, prove, STRETCHING } from "./password_exchange.ts";
import { Refused } from "./refused.ts";
import type { Requests } from "./requests.ts";

/** What {@linkcode Accounts} act upon. */
export interface AccountsOptions {
  readonly identity: Identity;
  readonly pake: Pake | undefined;
  readonly requests: Requests;
  readonly greeter: Greeter;
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
        await requests.linked();
        if (identity.account) return identity.account;
        try {
          return await this.#enrol({ password, claim });
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
    const { proof } = await this.#prove(known);
    await this.#enrol({ password, proof });
  }

  /** The account is no more, and nobody can have its name for a while. */
  async unregister(typed: string): Promise<void> {
    const { proof } = await this.#prove(preparePassword(typed));
    await this.#options.requests.ask({ type: "unregister", proof }, { again: false });
  }

  async devices(): Promise<DeviceView[]> {
    return (await this.#options.requests.ask({ type: "devices" })).devices;
  }

  async revoke(device: number): Promise<void> {
    await this.#options.requests.ask({ type: "revoke", device });
  }

  async #prove(password: string): Promise<Proven> {
    const { identity: { name, serverKey }, requests } = this.#options;
    return await prove(this.#pake, (request) => requests.ask(request, { again: false }), {
      name,
      password,
      serverKey,
    });
  }

  async #enrol(
    { password, claim, proof }: {
      readonly password: string;
      readonly claim?: string | undefined;
      readonly proof?: string;
    },
  ): Promise<Role> {
    const { identity, requests, signedIn } = this.#options;
    const { name, device } = identity;
    const { record, serverKey } = await choose(
      this.#pake,
      (request) => requests.ask(request, { again: false }),
      { name, password },
    );
    const asked = { type: "enrol", name, record, stretching: STRETCHING, proof, claim, device } as const;
    const { session, account } = await requests.ask(asked, { again: false });
    Object.assign(identity, { session, account, serverKey });
    await signedIn();
    return account;
  }

  get #pake(): Pake {
    const { pake } = this.#options;
    if (pake) return pake;
    throw new Refused("password", "This client cannot deal with passwords");
  }
}
