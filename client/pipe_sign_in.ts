import type { ChatClient, ClientEvent } from "./chat_client.ts";
import { Refused } from "./refused.ts";
import type { PasswordSource } from "./password_source.ts";
import { safe } from "./pipe_format.ts";

const HOW = "give it with --password-file FILE, or with a command in CHAT_PASSWORD_COMMAND";

/** How a pipe signs in. */
export interface PipeSignInOptions {
  readonly source: PasswordSource;
  /** Make the name an account, if nobody has it. */
  readonly register: boolean;
  /** Says to the person why it goes no further. */
  readonly tell: (notice: string) => void;
}

/** Signing in where there is nobody to ask: with what was given, or not at all. */
export class PipeSignIn {
  readonly #client: Pick<ChatClient, "signIn" | "register">;
  readonly #options: PipeSignInOptions;

  constructor(client: Pick<ChatClient, "signIn" | "register">, options: PipeSignInOptions) {
    this.#client = client;
    this.#options = options;
  }

  /** The server wants a password; resolves with whether it gets one. */
  async wanted({ name, why, message, retryMs }: ClientEvent & { kind: "passwordWanted" }): Promise<boolean> {
    const { source, register } = this.#options;
    const who = safe(name);
    switch (why) {
      case "account":
        if (source.ready) return await this.#with((password) => this.#client.signIn(password));
        return this.#no(`${who} belongs to an account and needs its password: ${HOW}`);
      case "unregistered":
        if (!register) {
          return this.#no(`${who} has no account, which this server requires: --register makes one`);
        }
        return await this.#register(who);
      case "wrong":
        return this.#no(`that is not the password of ${who}`);
      case "throttled":
        return this.#no(`${safe(message)}; try again in ${Math.ceil((retryMs ?? 1_000) / 1_000)} s`);
      default:
        return why satisfies never;
    }
  }

  /** Signed in, for the first time; resolves with whether all is as it was asked for. */
  async online({ name, account }: ClientEvent & { kind: "online" }): Promise<boolean> {
    const { source, register } = this.#options;
    if (register && account === undefined) return await this.#register(safe(name));
    source.forget();
    return true;
  }

  async #register(who: string): Promise<boolean> {
    if (!this.#options.source.ready) return this.#no(`to register ${who} a password is needed: ${HOW}`);
    return await this.#with((password) => this.#client.register(password));
  }

  async #with(use: (password: string) => unknown): Promise<boolean> {
    try {
      await use((await this.#options.source.take())!);
      return true;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return this.#no(`${safe(error.message)} (${safe(error.code)})`);
    }
  }

  #no(why: string): boolean {
    this.#options.tell(why);
    return false;
  }
}
