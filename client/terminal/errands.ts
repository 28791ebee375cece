import { normalised } from "../../protocol/normalise.ts";
import type { Call } from "../commands.ts";
import { helpText } from "../help_text.ts";
import { readSearch } from "../search_query.ts";
import { whoIsHere } from "../who_is_here.ts";
import type { AccountErrands } from "./account_errands.ts";
import type { ErrandLine } from "./errand_line.ts";
import type { FileErrands } from "./file_errands.ts";
import type { Chat, Talk } from "./front.ts";
import type { KeyErrands } from "./key_errands.ts";
import type { Narrator } from "./narrator.ts";
import type { RoomErrands } from "./room_errands.ts";

const PAGE = 20;

interface Staff {
  readonly chat: Chat;
  readonly talk: Talk;
  readonly narrator: Narrator;
  readonly line: ErrandLine;
  readonly rooms: RoomErrands;
  readonly accounts: AccountErrands;
  readonly keys: KeyErrands;
  readonly files: FileErrands;
  readonly clear: () => void;
  readonly quit: () => void;
}

/** Does what slash commands ask; the outcome is told in the transcript. */
export class Errands {
  readonly #staff: Staff;

  constructor(staff: Staff) {
    this.#staff = staff;
  }

  /** Starts a command. */
  run(call: Call): void {
    const { chat, talk, narrator, rooms, accounts, keys, files, clear, quit } = this.#staff;
    switch (call.name) {
      case "whisper":
        return void chat.say(`@${normalised(call.to)}`, call.text, call.plain ? { plain: true } : {});
      case "verify":
        return keys.verify(normalised(call.user), call.step);
      case "reply":
        if (talk.peer === undefined) return narrator.complain("Nobody has whispered to you yet");
        return void chat.say(`@${talk.peer}`, call.text);
      case "me":
        return void chat.say(talk.target, `/me ${call.text}`);
      case "query":
        talk.target = call.user === undefined ? talk.room : `@${normalised(call.user)}`;
        narrator.tell(`what you type goes to ${talk.target} now`);
        return keys.title(talk.target);
      case "join":
        return rooms.join(call.room);
      case "leave":
        return rooms.leave(call.room);
      case "list":
        return this.#list(call.room);
      case "rooms":
        return this.#rooms();
      case "history":
        return this.#history(call.count ?? PAGE);
      case "search":
        return this.#search(call.query);
      case "register":
        return accounts.register(call.code);
      case "passwd":
        return accounts.passwd();
      case "devices":
        return accounts.devices(call.revoke);
      case "unregister":
        return accounts.unregister();
      case "send":
        return files.send(call.to, call.path);
      case "accept":
        return files.accept(call.transfer, call.path);
      case "cancel":
        return files.cancel(call.transfer);
      case "transfers":
        return files.list();
      case "help":
        return this.#help(call.command);
      case "clear":
        return clear();
      case "quit":
        return quit();
      default:
        return call satisfies never;
    }
  }

  #list(room: string | undefined): void {
    const { chat, talk, narrator, line } = this.#staff;
    const asked = room === undefined && talk.target.startsWith("#") ? talk.target.slice(1) : room;
    line.add(async () => {
      const users = await chat.users(asked);
      narrator.tell(whoIsHere(asked === undefined ? "on this server" : `#${normalised(asked)}`, users));
      narrator.tell("/rooms lists the rooms");
    });
  }

  #rooms(): void {
    const { chat, narrator, line } = this.#staff;
    line.add(async () => {
      const rooms = await chat.roomList();
      if (rooms.length === 0) narrator.tell("there is no room yet: /join makes one");
      for (const { room, users } of rooms) {
        const mine = chat.rooms.has(room) ? ", you among them" : "";
        narrator.tell(`#${room}: ${users} ${users === 1 ? "person" : "people"}${mine}`);
      }
    });
  }

  #history(count: number): void {
    const { chat, talk, narrator, line } = this.#staff;
    const to = talk.target;
    line.add(async () => {
      const before = talk.oldest.get(to);
      const page = await chat.historyPage(
        to,
        before === undefined ? { limit: count } : { before, limit: count },
      );
      const { entries, more, expired } = page;
      if (entries.length > 0) narrator.tell(`${entries.length} older in ${to}:`);
      else if (expired === undefined) narrator.tell(`nothing older in ${to}`);
      if (expired !== undefined && !more) narrator.tell(`older messages in ${to} have expired`);
      for (const entry of entries) {
        narrator.entry(to, entry, { mine: entry.from === chat.name, past: true });
      }
      if (entries.length > 0) narrator.tell("now again:");
    });
  }

  #search(typed: string): void {
    const { chat, narrator, line } = this.#staff;
    const searched = readSearch(typed, { now: new Date(), me: chat.name });
    if (searched.kind === "problem") return narrator.complain(searched.message);
    const { query, words } = searched;
    line.add(async () => {
      const { entries, more } = await chat.search(query);
      if (entries.length === 0) return narrator.tell("nothing found in what you may read");
      for (const entry of entries.toReversed()) {
        const { from, text } = entry;
        const to = entry.type === "message" ? `#${entry.room}` : `@${from === chat.name ? entry.to : from}`;
        narrator.print({ kind: "found", on: new Date(entry.at), to, from, text, words });
      }
      const count = `${entries.length} found`;
      narrator.tell(more ? `${count}, and there are more: narrow it with from:, in:, since:` : count);
    });
  }

  #help(word: string | undefined): void {
    const { narrator } = this.#staff;
    const help = helpText(word);
    if ("problem" in help) return narrator.complain(help.problem);
    for (const line of help.lines) narrator.tell(line);
    if (word !== undefined) return;
    narrator.tell(
      "//text sends a text that begins with a slash; Ctrl-R searches, Alt-Enter breaks a line, PgUp goes back",
    );
  }
}
