import { normalised } from "../../protocol/normalise.ts";
import { Refused } from "../chat_client.ts";
import { type Call, COMMANDS, findCommand } from "../commands.ts";
import type { Chat, Talk } from "./front.ts";
import { here, type Narrator } from "./narrator.ts";

const PAGE = 20;

/** Does what slash commands ask, one after the other, so that answers come in the order of the questions. */
export class Errands {
  readonly #chat: Chat;
  readonly #talk: Talk;
  readonly #narrator: Narrator;
  readonly #screen: { clear(): void };
  readonly #quit: () => void;
  #line: Promise<void> = Promise.resolve();

  constructor(
    chat: Chat,
    talk: Talk,
    rest: { narrator: Narrator; screen: { clear(): void }; quit: () => void },
  ) {
    this.#chat = chat;
    this.#talk = talk;
    this.#narrator = rest.narrator;
    this.#screen = rest.screen;
    this.#quit = rest.quit;
  }

  /** Starts a command; its outcome is told in the transcript. */
  run(call: Call): void {
    switch (call.name) {
      case "whisper":
        return void this.#chat.say(`@${normalised(call.to)}`, call.text);
      case "reply":
        if (this.#talk.peer === undefined) return this.#narrator.complain("Nobody has whispered to you yet");
        return void this.#chat.say(`@${this.#talk.peer}`, call.text);
      case "me":
        return void this.#chat.say(this.#talk.target, `/me ${call.text}`);
      case "query":
        this.#talk.target = call.user === undefined ? this.#talk.room : `@${normalised(call.user)}`;
        return this.#narrator.tell(`what you type goes to ${this.#talk.target} now`);
      case "join":
        return this.join(call.room);
      case "leave":
        return this.#leave(call.room);
      case "list":
        return this.#list(call.room);
      case "rooms":
        return this.#rooms();
      case "history":
        return this.#history(call.count ?? PAGE);
      case "help":
        return this.#help(call.command);
      case "clear":
        return this.#screen.clear();
      case "quit":
        return this.#quit();
      default:
        return call satisfies never;
    }
  }

  /** Enters a room. What is typed from now on is meant for it, so the target changes at once. */
  join(room: string): void {
    const { target, room: before } = this.#talk;
    const entered = `#${normalised(room)}`;
    this.#talk.target = this.#talk.room = entered;
    const joined = this.#chat.join(room); // asked before anything typed behind it is said
    joined.catch(() => {}); // told below
    this.#ask(async () => {
      try {
        const users = await joined;
        this.#narrator.tell(here(`you are in ${entered}`, users));
      } catch (error) {
        if (this.#talk.target === entered) this.#talk.target = target;
        if (this.#talk.room === entered) this.#talk.room = before;
        throw error;
      }
    });
  }

  #leave(room: string | undefined): void {
    const name = room === undefined ? this.#talk.target : `#${normalised(room)}`;
    if (!name.startsWith("#")) {
      return this.#narrator.complain("/query alone ends a conversation with one person");
    }
    this.#ask(async () => {
      await this.#chat.leave(name.slice(1));
      const left = [...this.#chat.rooms.keys()].filter((each) => `#${each}` !== name);
      const next = `#${left.at(-1) ?? "lobby"}`;
      if (this.#talk.target === name) this.#talk.target = next;
      if (this.#talk.room === name) this.#talk.room = next;
      const goes = left.length === 0
        ? "you are in no room now: /join one"
        : `what you type goes to ${this.#talk.target}`;
      this.#narrator.tell(`you left ${name}; ${goes}`);
    });
  }

  #list(room: string | undefined): void {
    const asked = room === undefined && this.#talk.target.startsWith("#") ? this.#talk.target.slice(1) : room;
    this.#ask(async () => {
      const users = await this.#chat.users(asked);
      this.#narrator.tell(here(asked === undefined ? "on this server" : `#${normalised(asked)}`, users));
      this.#narrator.tell("/rooms lists the rooms");
    });
  }

  #rooms(): void {
    this.#ask(async () => {
      const rooms = await this.#chat.roomList();
      if (rooms.length === 0) this.#narrator.tell("there is no room yet: /join makes one");
      for (const { room, users } of rooms) {
        const mine = this.#chat.rooms.has(room) ? ", you among them" : "";
        this.#narrator.tell(`#${room}: ${users} ${users === 1 ? "person" : "people"}${mine}`);
      }
    });
  }

  #history(count: number): void {
    const to = this.#talk.target;
    this.#ask(async () => {
      const entries = await this.#chat.history(to, this.#talk.oldest.get(to), count);
      if (entries.length === 0) return this.#narrator.tell(`nothing older in ${to}`);
      this.#narrator.tell(`${entries.length} older in ${to}:`);
      for (const entry of entries) {
        this.#narrator.entry(to, entry, { mine: entry.from === this.#chat.name, past: true });
      }
      this.#narrator.tell("now again:");
    });
  }

  #help(word: string | undefined): void {
    if (word === undefined) {
      const wide = Math.max(...COMMANDS.map(({ usage }) => usage.length));
      for (const { usage, summary } of COMMANDS) this.#narrator.tell(`${usage.padEnd(wide)}  ${summary}`);
      return this.#narrator.tell(
        "//text sends a text that begins with a slash; Ctrl-R searches, Alt-Enter breaks a line",
      );
    }
    const [command, other] = findCommand(word, { prefixes: true });
    if (command === undefined || other !== undefined) {
      return this.#narrator.complain(`There is no command /${word}: /help lists them`);
    }
    this.#narrator.tell(`${command.usage}  ${command.summary}`);
    if (command.aliases.length > 0) {
      this.#narrator.tell(`also ${command.aliases.map((each) => `/${each}`).join(", ")}`);
    }
    this.#narrator.tell(`for example: ${command.example}`);
  }

  #ask(errand: () => Promise<void>): void {
    this.#line = this.#line.then(errand).catch((error: unknown) => {
      if (error instanceof Refused) this.#narrator.complain(error.message, error.code);
      else this.#narrator.complain(`Cannot do that: ${error}`);
    });
  }
}
