import type { ChatClient, ClientEvent } from "../chat_client.ts";
import type { PasswordSource } from "../password_source.ts";
import { Refused } from "../refused.ts";
import type { Board } from "./board.ts";

type Wanted = ClientEvent & { kind: "passwordWanted" };

/** What a {@linkcode GivenPassword} acts upon. */
export interface GivenPasswordOptions {
  readonly client: ChatClient;
  readonly board: Board;
  readonly source: PasswordSource;
  /** The name is to become an account, if nobody has it. */
  readonly register: boolean;
  /** There should have been a password, and there is none. */
  readonly failed: (error: Refused) => void;
}

/** Signs in with the password of a file or a command, so that the page need not ask. */
export class GivenPassword {
  readonly #options: GivenPasswordOptions;

  constructor(options: GivenPasswordOptions) {
    this.#options = options;
  }

  /** Answers, or says that somebody has to be asked. */
  answers(event: Wanted): boolean {
    const { source, register } = this.#options;
    const known = event.why === "account" || (event.why === "unregistered" && register);
    if (!source.ready || !known) return false;
    void this.#answer(event);
    return true;
  }

  /** Signed in, for the first time. */
  online({ account }: ClientEvent & { kind: "online" }): void {
    const { board, source, register } = this.#options;
    if (!register || account !== undefined) return source.forget();
    if (source.ready) return void this.#register();
    const message = "choose a password under Settings, and the name is yours";
    board.tell({ kind: "notice", code: "register", message });
  }

  /** Never rejects. */
  async #answer(event: Wanted): Promise<void> {
    const { client, board, source } = this.#options;
    try {
      const password = await source.take();
      if (password === undefined) return board.tell(event);
      await (event.why === "unregistered" ? client.register(password) : client.signIn(password));
    } catch (error) {
      if (this.#told(error)) board.tell(event);
    }
  }

  /** Never rejects. */
  async #register(): Promise<void> {
    const { client, board, source } = this.#options;
    try {
      const password = await source.take();
      if (password !== undefined) board.tell({ kind: "account", role: await client.register(password) });
    } catch (error) {
      this.#told(error);
    }
  }

  /** Says whether the chat goes on. */
  #told(error: unknown): boolean {
    const { board, failed } = this.#options;
    const refused = error instanceof Refused ? error : new Refused("failed", `Cannot sign in: ${error}`);
    if (refused.code === "ended") return false; // told by its own event
    if (refused.code === "password_command") {
      failed(refused);
      return false;
    }
    board.tell({ kind: "notice", code: refused.code, message: refused.message });
    return true;
  }
}
