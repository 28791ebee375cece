import { readRoom } from "../../protocol/names.ts";
import type { ChatClient, ClientEvent } from "../chat_client.ts";
import { exitCode } from "../exit_code.ts";
import type { PasswordSource } from "../password_source.ts";
import { Refused } from "../refused.ts";
import { within } from "../within.ts";
import type { Board } from "./board.ts";
import { isUnderWay } from "../files/transfer.ts";
import { DropBox } from "./drop_box.ts";
import type { DroppedFile } from "./front_door.ts";
import { GivenPassword } from "./given_password.ts";
import { grant, type Means, notAsked } from "./grant.ts";
import { Levels } from "./levels.ts";
import { newsOf } from "./news_of.ts";
import { Pages } from "./pages.ts";
import type { Wish } from "./wish.ts";

/** How long leaving waits for messages on their way. */
const LAST_WORDS_MS = 5_000;
/** How long a goodbye may take. */
const BYE_MS = 1_000;

/** How a {@linkcode Bridge} comes to a client, and what it is to do with it. */
export interface BridgeOptions {
  readonly board: Board;
  /** Makes the client of this name. */
  readonly open: (name: string) => Promise<ChatClient>;
  /** Where is kept what belongs to this name. */
  readonly folder: (name: string) => string | undefined;
  /** To talk in from the start, without `#`. */
  readonly room: string;
  readonly register: boolean;
  readonly source: PasswordSource;
  /** Tells whoever started the program. */
  readonly tell: (notice: string) => void;
}

/** Between the client and the windows: what happens becomes news, what they wish is done. */
export class Bridge {
  readonly #options: BridgeOptions;
  readonly #end = Promise.withResolvers<number>();
  readonly #box = new DropBox();
  #means: Means | undefined;
  #starting = false;
  /** What to exit with once the client has taken leave, if that is known. */
  #code: number | undefined;
  #leaving = false;

  constructor(options: BridgeOptions) {
    this.#options = options;
  }

  /** Chats until the person, the server or a signal ends it; resolves with the exit code. */
  async run(name: string | undefined, interrupted: Promise<number>): Promise<number> {
    if (name === undefined) this.#options.board.tell({ kind: "nameWanted" });
    else this.#start(name);
    const signal = interrupted.then((code) => this.#leave(code));
    return await Promise.race([this.#end.promise, signal]);
  }

  /** Does what a window wishes; resolves with the answer, rejects with `Refused`. */
  async grant(wish: Wish): Promise<unknown> {
    if (wish.kind === "name") return this.#name(wish.name);
    if (wish.kind === "quit") return this.quit();
    if (this.#means === undefined) throw new Refused("not_connected", "Say who you are first");
    return await grant(wish, this.#means);
  }

  /** Sends a file that was dropped into a window; resolves with why not, where it cannot be. */
  async dropped({ to, name, body }: DroppedFile): Promise<string | undefined> {
    try {
      if (this.#means === undefined) throw new Refused("not_connected", "Say who you are first");
      const path = await this.#box.take(name, body);
      await grant({ kind: "send", to, path }, this.#means);
      return undefined;
    } catch (error) {
      return error instanceof Refused ? error.message : `${name} could not be taken in: ${error}`;
    }
  }

  /** Leaves, once what was said has arrived. */
  quit(): void {
    if (this.#leaving) return;
    this.#leaving = true;
    void this.#settle().then((code) => this.#leave(code));
  }

  #name(name: string): void {
    const { board } = this.#options;
    if (board.state.phase !== "asking") throw notAsked();
    if (this.#means === undefined) return this.#start(name);
    board.tell({ kind: "named", name });
    this.#means.client.rename(name);
  }

  #start(name: string): void {
    if (this.#starting) throw notAsked();
    this.#starting = true;
    this.#options.board.tell({ kind: "named", name });
    this.#chat(name).then(this.#end.resolve, this.#end.reject);
  }

  /** Resolves with the exit code when the client has ended. */
  async #chat(name: string): Promise<number> {
    const { board, source, register, open, tell } = this.#options;
    const client = await open(name);
    const pages = new Pages(client, board);
    this.#means = { client, board, pages, levels: await Levels.open(undefined) };
    const given = new GivenPassword({
      client,
      board,
      source,
      register,
      failed: ({ message }) => {
        tell(message);
        void this.#leave(4);
      },
    });
    client.start();
    for await (const event of client.events) {
      if (event.kind === "passwordWanted" && given.answers(event)) continue;
      if (event.kind === "online") await this.#recall(client, pages);
      const asking = board.state.phase === "asking";
      board.tell(newsOf(event));
      if (event.kind === "ended") return await this.#ended(event, asking);
      if (event.kind === "online" && event.first) given.online(event);
      this.#follow(event, client, pages);
    }
    return 1;
  }

  /** What belongs to the name that the server has let in. */
  async #recall(client: ChatClient, pages: Pages): Promise<void> {
    const { board, folder } = this.#options;
    const levels = await Levels.open(folder(client.name));
    this.#means = { client, board, pages, levels };
    board.recall(levels.all);
    this.#box.open(folder(client.name));
    for (const transfer of client.files?.list ?? []) board.tell({ kind: "transfer", transfer });
  }

  /** Sees to what has to be known besides. */
  #follow(event: ClientEvent, client: ChatClient, pages: Pages): void {
    switch (event.kind) {
      case "online":
        if (event.log === "new") pages.anew();
        for (const { room } of event.rooms) void pages.open(`#${room}`);
        if (event.first) void this.#join(client);
        return;
      case "joined":
        if (event.user === client.name) this.#entered(event.room, client, pages);
        return;
      case "transfer": {
        const { direction, path } = event.transfer;
        if (direction === "out" && !isUnderWay(event.transfer)) void this.#box.done(path);
        return;
      }
      case "entry":
        if (event.to.startsWith("@")) void pages.open(event.to);
        return;
    }
  }

  #entered(room: string, client: ChatClient, pages: Pages): void {
    const users = [...client.rooms.get(room) ?? []];
    this.#options.board.tell({ kind: "users", room, users });
    void pages.open(`#${room}`);
  }

  /** Enters the room that was asked for at the start. Never rejects. */
  async #join(client: ChatClient): Promise<void> {
    const { room, board } = this.#options;
    if (client.rooms.has(readRoom(room).name)) return;
    try {
      await client.join(room);
    } catch (error) {
      const { code, message } = error instanceof Refused ? error : new Refused("failed", String(error));
      if (code !== "ended") board.tell({ kind: "notice", code, message: `cannot join #${room}: ${message}` });
    }
  }

  async #ended(event: ClientEvent & { kind: "ended" }, asking: boolean): Promise<number> {
    if (event.why !== "bye") this.#options.tell(event.message);
    await within(BYE_MS, Promise.all([this.#means?.levels.written(), this.#means?.client.bye()])); // what is kept is written
    return this.#code ?? (event.why === "bye" && asking ? 4 : exitCode(event));
  }

  /** Waits until what was said has an outcome; resolves with the exit code that is right then. */
  async #settle(): Promise<number> {
    const { board } = this.#options;
    const client = this.#means?.client;
    if (client === undefined || board.state.phase === "asking") return 4;
    return await within(LAST_WORDS_MS, client.settled().then(() => 0, () => 7)) ?? 7;
  }

  /** Says goodbye; the windows hear of it as of any other end. */
  async #leave(code: number): Promise<number> {
    this.#code ??= code;
    const client = this.#means?.client;
    if (client === undefined) {
      this.#options.board.tell({ kind: "ended", why: "bye", message: "Nobody signed in" });
      this.#end.resolve(code);
      return code;
    }
    await within(BYE_MS, client.bye());
    return await within(BYE_MS, this.#end.promise) ?? code;
  }
}
