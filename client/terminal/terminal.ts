import type { ClientEvent } from "../chat_client.ts";
import type { PasswordSource } from "../password_source.ts";
import { assemble, type Parts } from "./assembly.ts";
import { complete } from "../completion.ts";
import { Composer, type Wish } from "./composer.ts";
import { type Chat, knownTo, type Talk, talkIn } from "./front.ts";
import { HistoryFile, historyPath } from "./history_file.ts";
import { InputHistory } from "./input_history.ts";
import type { Key } from "./keys.ts";
import { LinearScreen } from "./linear_screen.ts";
import type { Live } from "./live_region.ts";
import { liveOf } from "./live_view.ts";
import { isDumb, type Look, lookFor } from "./look.ts";
import { Modes } from "./modes.ts";
import { AnsiScreen, type Screen } from "./screen.ts";
import { listenToSignals, suspend } from "./signals.ts";
import { processTty, type Tty } from "./tty.ts";
import { readKeys, readLines } from "./typing.ts";
import { within } from "../within.ts";

/** How the terminal is to behave; all but the room have defaults. */
export interface TerminalOptions {
  /** To talk in from the start, without `#`. */
  readonly room: string;
  /** Colour or none, whatever the environment says. */
  readonly color?: boolean | undefined;
  /** Ring for whispers and for one's name; on unless said otherwise. */
  readonly bell?: boolean;
  /** Make the name an account, if nobody has it. */
  readonly register?: boolean;
  /** Where a password comes from before the person is asked. */
  readonly source?: PasswordSource;
  /** Whether the lines typed are kept for the next time; they are unless told not to. */
  readonly state?: boolean;
  readonly tty?: Tty;
  readonly env?: (name: string) => string | undefined;
}

/** How long a goodbye may take. */
const BYE_MS = 1_000;

/** Chats on a terminal until the person, the server or a signal ends it; resolves with the exit code. */
export async function runTerminal(chat: Chat, options: TerminalOptions): Promise<number> {
  const env = options.env ?? ((name) => Deno.env.get(name));
  const file = new HistoryFile(options.state === false ? undefined : historyPath(env));
  const terminal = new Terminal(chat, options, {
    file,
    past: await file.load(),
    look: lookFor(env, options.color),
    env,
  });
  return await terminal.run();
}

interface Surroundings {
  readonly file: HistoryFile;
  readonly past: readonly string[];
  readonly look: Look;
  readonly env: (name: string) => string | undefined;
}

class Terminal {
  readonly #chat: Chat;
  readonly #look: Look;
  readonly #file: HistoryFile;
  readonly #tty: Tty;
  readonly #linear: boolean;
  readonly #modes: Modes;
  readonly #screen: Screen;
  readonly #composer: Composer;
  readonly #talk: Talk;
  readonly #parts: Parts;
  readonly #end = Promise.withResolvers<number>();
  /** Ctrl-C was pressed on an empty line, and nothing since. */
  #warned = false;
  #over = false;
  #resizing: ReturnType<typeof setTimeout> | undefined;

  constructor(chat: Chat, options: TerminalOptions, { file, past, look, env }: Surroundings) {
    this.#talk = talkIn(`#${options.room}`);
    this.#chat = chat;
    this.#look = look;
    this.#file = file;
    this.#tty = options.tty ?? processTty;
    this.#linear = isDumb(env);
    this.#modes = new Modes(this.#tty, { linear: this.#linear });
    const live = () => ({ ...this.#live(), me: chat.name });
    this.#screen = new (this.#linear ? LinearScreen : AnsiScreen)(this.#tty, look, live);
    this.#composer = new Composer(
      new InputHistory(past),
      (line, cursor) => complete(line, cursor, { users: knownTo(chat), rooms: [...chat.rooms.keys()] }),
    );
    this.#parts = assemble({
      chat,
      talk: this.#talk,
      screen: this.#screen,
      composer: this.#composer,
      file,
      linear: this.#linear,
      bell: options.bell !== false,
      register: options.register ?? false,
      source: options.source,
      hide: (on) => this.#modes.hide(on),
      end: (code) => this.#end.resolve(code),
    });
  }

  async run(): Promise<number> {
    using _signals = listenToSignals({
      end: (code) => this.#end.resolve(code),
      resized: () => this.#resized(),
      continued: () => this.#awake(),
      dying: () => this.#putBack(),
    });
    try {
      this.#modes.take();
      this.#chat.start();
      this.#screen.touch();
      const typing = this.#linear
        ? readLines(this.#tty, {
          enter: (line) => this.#entered(line),
          hidden: () => this.#parts.secrets.prompt !== undefined,
          press: (key) => this.#pressUnseen(key),
        })
        : readKeys(this.#tty, (key) => this.#press(key));
      return await Promise.race([this.#end.promise, this.#events(), typing.then(() => this.#hangUp())]);
    } finally {
      this.#over = true;
      clearTimeout(this.#resizing);
      this.#parts.narrator.flush();
      this.#putBack();
      this.#composer.close();
      this.#parts.marks[Symbol.dispose]();
      this.#parts.narrator[Symbol.dispose]();
      await Promise.all([this.#file.flushed(), within(BYE_MS, this.#chat.bye())]);
    }
  }

  async #events(): Promise<number> {
    const { arrivals, rooms, desk, signIn } = this.#parts;
    for await (const event of this.#chat.events) {
      if (this.#over) break; // nothing is drawn any more: it was not shown
      arrivals.event(event);
      this.#screen.touch();
      if (event.kind === "online") this.#online(event);
      if (event.kind === "joined" || event.kind === "left") rooms.moved(event);
      if (event.kind === "refused") desk.giveBack(event);
      if (event.kind === "nameRefused") desk.askName(event);
      if (event.kind === "passwordWanted") signIn.wanted(event);
      if (event.kind === "ended") return desk.ended(event);
    }
    return 1;
  }

  #online(event: ClientEvent & { kind: "online" }): void {
    this.#talk.account = event.account;
    if (!event.first) return;
    this.#parts.signIn.online(event);
    if (!event.rooms.some(({ room }) => `#${room}` === this.#talk.room)) {
      this.#parts.rooms.join(this.#talk.room.slice(1));
    }
  }

  #press(key: Key): void {
    this.#parts.marks.pressed();
    if (this.#parts.secrets.press(key)) return this.#screen.touch();
    const wish = this.#composer.press(key);
    if (wish?.kind !== "interrupt") this.#warned = false;
    if (wish !== undefined) this.#grant(wish);
    this.#screen.touch();
  }

  #grant(wish: Wish): void {
    switch (wish.kind) {
      case "submit":
        return this.#parts.desk.submit(wish.line, wish.verbatim);
      case "interrupt":
        if (this.#warned || this.#parts.desk.leaving) return this.#end.resolve(130);
        this.#warned = true;
        return;
      case "end":
        return this.#parts.desk.leave();
      case "suspend":
        return this.#suspend();
      case "redraw":
        return this.#screen.repaint();
      case "older":
        return this.#parts.errands.run({ name: "history", count: undefined });
      default:
        return wish satisfies never;
    }
  }

  /** A whole line of a terminal without a cursor. */
  #entered(line: string): void {
    this.#parts.marks.pressed();
    (this.#screen as LinearScreen).entered();
    this.#parts.desk.submit(line, false);
  }

  /** A key of a secret, there. */
  #pressUnseen(key: Key): void {
    const enter = key.kind === "key" && key.name === "return";
    if (enter) (this.#screen as LinearScreen).entered({ unseen: true });
    this.#parts.secrets.press(key);
    this.#screen.touch();
  }

  /** The terminal has nothing more to give: as with Ctrl-D. */
  #hangUp(): Promise<number> {
    this.#parts.desk.leave();
    return this.#end.promise;
  }

  #suspend(): void {
    this.#putBack();
    suspend();
    setTimeout(() => this.#awake(), 0); // should nobody have stopped us
  }

  #awake(): void {
    if (this.#over) return;
    this.#modes.take();
    this.#screen.repaint();
  }

  #resized(): void {
    if (this.#over) return;
    clearTimeout(this.#resizing); // of a storm, only the last counts
    this.#resizing = setTimeout(() => this.#screen.repaint(), 20);
  }

  #putBack(): void {
    this.#screen.leave();
    this.#modes.restore();
  }

  #live(): Live {
    const page = { ...this.#look, ...this.#tty.size, me: this.#chat.name };
    const secret = this.#parts.secrets.prompt;
    return liveOf(this.#chat, this.#talk, page, {
      composer: this.#composer.view,
      secret,
      warned: this.#warned,
    });
  }
}
