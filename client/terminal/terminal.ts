import type { ClientEvent } from "../chat_client.ts";
import { complete } from "./completion.ts";
import { Composer, type Wish } from "./composer.ts";
import { Desk } from "./desk.ts";
import { Errands } from "./errands.ts";
import type { Chat, Talk } from "./front.ts";
import { HistoryFile, historyPath } from "./history_file.ts";
import { InputHistory } from "./input_history.ts";
import type { Key } from "./keys.ts";
import { formatPending } from "./line_format.ts";
import { LinearScreen } from "./linear_screen.ts";
import type { Live } from "./live_region.ts";
import { isDumb, type Look, lookFor } from "./look.ts";
import { Modes } from "./modes.ts";
import { Narrator } from "./narrator.ts";
import { AnsiScreen, type Screen } from "./screen.ts";
import { listenToSignals, suspend } from "./signals.ts";
import { processTty, type Tty } from "./tty.ts";
import { readKeys, readLines } from "./typing.ts";
import { within } from "./within.ts";

/** How the terminal is to behave; all but the room have defaults. */
export interface TerminalOptions {
  /** To talk in from the start, without `#`. */
  readonly room: string;
  /** Colour or none, whatever the environment says. */
  readonly color?: boolean | undefined;
  /** Ring for whispers and for one's name; on unless said otherwise. */
  readonly bell?: boolean;
  readonly tty?: Tty;
  readonly env?: (name: string) => string | undefined;
}

/** How long a goodbye may take. */
const BYE_MS = 1_000;

/** Chats on a terminal until the person, the server or a signal ends it; resolves with the exit code. */
export async function runTerminal(chat: Chat, options: TerminalOptions): Promise<number> {
  const env = options.env ?? ((name) => Deno.env.get(name));
  const file = new HistoryFile(historyPath(env));
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
  readonly #narrator: Narrator;
  readonly #errands: Errands;
  readonly #talk: Talk;
  readonly #desk: Desk;
  readonly #end = Promise.withResolvers<number>();
  /** Ctrl-C was pressed on an empty line, and nothing since. */
  #warned = false;
  #over = false;
  #resizing: ReturnType<typeof setTimeout> | undefined;

  constructor(chat: Chat, options: TerminalOptions, { file, past, look, env }: Surroundings) {
    const room = `#${options.room}`;
    this.#talk = { target: room, room, peer: undefined, asking: false, oldest: new Map() };
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
      (line, cursor) => complete(line, cursor, { users: this.#known(), rooms: [...chat.rooms.keys()] }),
    );
    this.#narrator = new Narrator(chat, this.#talk, {
      show: (item) => this.#screen.print(item),
      ring: () => options.bell !== false && this.#screen.bell(),
    });
    this.#errands = new Errands(chat, this.#talk, {
      narrator: this.#narrator,
      screen: this.#screen,
      quit: () => this.#desk.leave(),
    });
    this.#desk = new Desk({
      chat,
      talk: this.#talk,
      composer: this.#composer,
      narrator: this.#narrator,
      errands: this.#errands,
      file,
      linear: this.#linear,
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
        ? readLines(this.#tty, (line) => this.#entered(line))
        : readKeys(this.#tty, (key) => this.#press(key));
      return await Promise.race([this.#end.promise, this.#events(), typing.then(() => this.#hangUp())]);
    } finally {
      this.#over = true;
      clearTimeout(this.#resizing);
      this.#narrator.flush();
      this.#putBack();
      this.#composer.close();
      await Promise.all([this.#file.flushed(), within(BYE_MS, this.#chat.bye())]);
    }
  }

  async #events(): Promise<number> {
    for await (const event of this.#chat.events) {
      this.#narrator.event(event);
      this.#screen.touch();
      if (event.kind === "online" && event.first) this.#enter(event);
      if (event.kind === "refused") this.#desk.giveBack(event);
      if (event.kind === "nameRefused") this.#desk.askName(event);
      if (event.kind === "ended") return this.#desk.ended(event);
    }
    return 1;
  }

  #enter({ rooms }: ClientEvent & { kind: "online" }): void {
    if (!rooms.some(({ room }) => `#${room}` === this.#talk.room)) {
      this.#errands.join(this.#talk.room.slice(1));
    }
  }

  #press(key: Key): void {
    const wish = this.#composer.press(key);
    if (wish?.kind !== "interrupt") this.#warned = false;
    if (wish !== undefined) this.#grant(wish);
    this.#screen.touch();
  }

  #grant(wish: Wish): void {
    switch (wish.kind) {
      case "submit":
        return this.#desk.submit(wish.line, wish.verbatim);
      case "interrupt":
        if (this.#warned || this.#desk.leaving) return this.#end.resolve(130);
        this.#warned = true;
        return;
      case "end":
        return this.#desk.leave();
      case "suspend":
        return this.#suspend();
      case "redraw":
        return this.#screen.repaint();
      default:
        return wish satisfies never;
    }
  }

  /** A whole line of a terminal without a cursor. */
  #entered(line: string): void {
    (this.#screen as LinearScreen).entered();
    this.#desk.submit(line, false);
  }

  /** The terminal has nothing more to give: as with Ctrl-D. */
  #hangUp(): Promise<number> {
    this.#desk.leave();
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

  #known(): string[] {
    const { speakers, rooms, name } = this.#chat;
    return [...new Set([...speakers, ...[...rooms.values()].flatMap((users) => [...users])])].filter((each) =>
      each !== name
    );
  }

  #live(): Live {
    const page = { ...this.#look, ...this.#tty.size, me: this.#chat.name };
    const { line, cursor, hint, searching } = this.#composer.view;
    const prompt = searching ?? (this.#talk.asking ? "name> " : `${this.#talk.target}> `);
    return {
      above: this.#chat.pending.map(({ to, text }) => formatPending(to, text, page)),
      hint: this.#warned ? "Ctrl-C again leaves the chat" : hint,
      prompt,
      line,
      cursor,
    };
  }
}
