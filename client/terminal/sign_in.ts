import type { ClientEvent } from "../chat_client.ts";
import { Refused } from "../refused.ts";
import type { PasswordSource } from "../password_source.ts";
import type { AccountErrands } from "./account_errands.ts";
import type { Chat, Talk } from "./front.ts";
import type { Narrator } from "./narrator.ts";
import type { Dialogue, Secrets } from "./secrets.ts";

type Wanted = ClientEvent & { kind: "passwordWanted" };

interface Staff {
  readonly chat: Chat;
  readonly talk: Talk;
  readonly narrator: Narrator;
  readonly secrets: Secrets;
  readonly accounts: AccountErrands;
  readonly source: PasswordSource;
  /** The name is to become an account, if nobody has it. */
  readonly register: boolean;
  /** Ends the program with an exit code. */
  readonly end: (code: number) => void;
}

/** Signing in to an account: asks for the password as often as it takes. */
export class SignIn {
  readonly #staff: Staff;

  constructor(staff: Staff) {
    this.#staff = staff;
  }

  /** The server wants a password before it lets this name in. */
  wanted(event: Wanted): void {
    const { narrator, secrets, source, register } = this.#staff;
    const { name, why, retryMs } = event;
    switch (why) {
      case "account":
        if (source.ready) return this.#given(event);
        narrator.tell(`${name} belongs to an account: type its password, or Enter alone for another name`);
        break;
      case "wrong":
        narrator.complain(`that is not the password of ${name}`);
        break;
      case "throttled":
        narrator.complain(`too many wrong passwords: wait ${wait(retryMs)} before the next try`);
        break;
      case "unregistered":
        if (source.ready && register) return this.#given(event);
        narrator.tell(`this server wants an account: choose a password to make ${name} yours`);
        narrator.tell("Enter alone for another name, Ctrl-C gives up");
        return secrets.ask(this.#register(event));
      default:
        why satisfies never;
    }
    secrets.ask(this.#password(event));
  }

  /** Signed in, for the first time. */
  online({ account }: ClientEvent & { kind: "online" }): void {
    const { secrets, source, register, accounts } = this.#staff;
    secrets.done();
    if (register && account === undefined) {
      if (source.ready) return accounts.registerWith(() => source.take());
      accounts.register(undefined);
    }
    source.forget();
  }

  *#password(event: Wanted): Dialogue {
    const { chat, secrets } = this.#staff;
    const password = yield "password: ";
    if (password === undefined) return this.#giveUp();
    if (password === "") return this.#otherName();
    secrets.ask(this.#busy("signing in "));
    this.#try(event, () => chat.signIn(password));
  }

  *#register(event: Wanted): Dialogue {
    const { chat, secrets, accounts } = this.#staff;
    const password = yield* accounts.choose({ empty: true });
    if (password === undefined) return this.#giveUp();
    if (password === "") return this.#otherName();
    secrets.ask(this.#busy("registering "));
    this.#try(event, () => chat.register(password));
  }

  /** Takes nothing that is typed until there is an answer: a second try typed too early must not be seen. */
  *#busy(prompt: string): Dialogue {
    while ((yield prompt) !== undefined);
    this.#giveUp();
  }

  /** With a password that nobody types. */
  #given(event: Wanted): void {
    const { chat, secrets, source } = this.#staff;
    secrets.ask(this.#busy("signing in "));
    const taken = async () => {
      const password = await source.take();
      if (password === undefined) return this.wanted(event);
      await (event.why === "unregistered" ? chat.register(password) : chat.signIn(password));
    };
    taken().catch((error: unknown) => this.#failed(error, event));
  }

  #try(event: Wanted, sign: () => unknown): void {
    Promise.resolve().then(sign).catch((error: unknown) => this.#failed(error, event));
  }

  #failed(error: unknown, event: Wanted): void {
    const { narrator, end } = this.#staff;
    if (error instanceof Refused && error.code === "ended") return; // told by its own event
    if (error instanceof Refused) narrator.complain(error.message, error.code);
    else narrator.complain(`Cannot sign in: ${error}`);
    if (error instanceof Refused && error.code === "password_command") return end(4);
    this.wanted(event);
  }

  #otherName(): void {
    const { talk, narrator } = this.#staff;
    talk.asking = true;
    narrator.tell("type another name, or press Ctrl-D to give up");
  }

  #giveUp(): void {
    this.#staff.end(4);
  }
}

function wait(ms = 0): string {
  const seconds = Math.max(1, Math.ceil(ms / 1_000));
  return seconds < 100 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`;
}
