import { Board } from "../../client/gui/board.ts";
import { Bridge } from "../../client/gui/bridge.ts";
import { FrontDoor } from "../../client/gui/front_door.ts";
import { WindowLink } from "../../client/gui/window_link.ts";
import { ChatClient } from "../../client/chat_client.ts";
import { FileMemory } from "../../client/memory/file_memory.ts";
import { OpaquePake } from "../../client/pake/opaque_pake.ts";
import { PasswordSource } from "../../client/password_source.ts";
import { tcp } from "../../client/transport.ts";
import { GuiSocket, type Pass, passFor } from "./gui_socket.ts";

/** How the client of a {@linkcode GuiRig} is started. */
export interface GuiRigOptions {
  readonly name?: string;
  readonly room?: string;
  readonly register?: boolean;
  readonly source?: PasswordSource;
  /** Where it keeps what survives it; nothing does without. */
  readonly state?: string;
}

/** Everything behind a window but the browser: a door, a bridge, a real client. */
export class GuiRig implements AsyncDisposable {
  readonly told: string[] = [];
  readonly #interrupt = Promise.withResolvers<number>();
  readonly #board = new Board({ version: "test", server: "here", attended: () => {} });
  readonly #bridge: Bridge;
  readonly #door: FrontDoor;
  #pass: Promise<Pass> | undefined;
  /** Resolves with the exit code. */
  readonly code: Promise<number>;

  constructor(port: number, { name, room = "lobby", register = false, source, state }: GuiRigOptions = {}) {
    this.#bridge = new Bridge({
      board: this.#board,
      room,
      register,
      source: source ?? PasswordSource.none,
      open: async (name) =>
        new ChatClient({
          dial: () => tcp("127.0.0.1", port),
          name,
          version: "test",
          pake: new OpaquePake(),
          backoff: { minMs: 5, maxMs: 50 },
          ...state === undefined ? {} : { memory: await FileMemory.open({ folder: state, name }) },
        }),
      folder: (name) => state && `${state}/${name}`,
      tell: (notice) => void this.told.push(notice),
    });
    this.#door = new FrontDoor({
      assets: new Map(),
      dropped: () => Promise.resolve(undefined),
      exchanged: () => {},
      entered: (socket) =>
        new WindowLink(socket, {
          opened: (link) => this.#board.add(link),
          asked: (wish) => this.#bridge.grant(wish),
          answering: () => this.#board.flush(),
          closed: (link) => this.#board.delete(link),
        }),
    });
    this.code = this.#bridge.run(name, this.#interrupt.promise).finally(() => this.#board.close());
  }

  /** One more window of the same browser. */
  async window(): Promise<GuiSocket> {
    this.#pass ??= passFor(this.#door.invite());
    return await GuiSocket.open(await this.#pass);
  }

  /** As if a signal had come. */
  interrupt(code: number): void {
    this.#interrupt.resolve(code);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.interrupt(130);
    await this.code;
    await this.#door[Symbol.asyncDispose]();
  }
}
