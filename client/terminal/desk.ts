import type { ClientEvent, Draft } from "../chat_client.ts";
import { isUnderWay } from "../files/transfer.ts";
import { findCommand } from "../commands.ts";
import { parseInput } from "../parse_input.ts";
import type { Composer } from "./composer.ts";
import type { Errands } from "./errands.ts";
import type { Chat, Talk } from "./front.ts";
import type { HistoryFile } from "./history_file.ts";
import type { Narrator } from "./narrator.ts";
import type { ReadMarks } from "./read_marks.ts";
import { within } from "../within.ts";

/** How long leaving waits for messages on their way. */
const LAST_WORDS_MS = 5_000;

interface Staff {
  readonly chat: Chat;
  readonly talk: Talk;
  readonly composer: Composer;
  readonly narrator: Narrator;
  readonly errands: Errands;
  readonly file: HistoryFile;
  readonly marks: ReadMarks;
  /** The composer is not on the screen. */
  readonly linear: boolean;
  /** Ends the program with an exit code. */
  readonly end: (code: number) => void;
}

/** Where lines go out, and come back when they could not be sent: nothing typed is ever lost. */
export class Desk {
  readonly #staff: Staff;
  #leaving = false;

  constructor(staff: Staff) {
    this.#staff = staff;
  }

  get leaving(): boolean {
    return this.#leaving;
  }

  /** Enter was pressed. `verbatim`: the line is text, even if it begins with a slash. */
  submit(line: string, verbatim: boolean): void {
    const { chat, talk, composer, narrator, errands, file } = this.#staff;
    if (talk.asking) return this.#rename(line.trim());
    if (line.trim() === "") return composer.clear();
    const input = verbatim
      ? { kind: "say", text: line.trimEnd() } as const
      : parseInput(line, { interactive: true });
    if (input.kind === "problem") {
      if (input.secret) composer.forget(); // else the line stays, to be mended
      return narrator.complain(input.message);
    }
    if (input.kind === "command" && findCommand(input.call.name).some(({ secret }) => secret)) {
      composer.forget();
    } else {
      file.add(line);
      composer.sent(line);
    }
    if (input.kind === "say") chat.say(talk.target, input.text);
    else errands.run(input.call);
  }

  /** A message was refused: back into the composer, or onto the screen while something else is being typed. */
  giveBack({ draft, code, message }: ClientEvent & { kind: "refused" }): void {
    const { talk, composer, narrator, linear } = this.#staff;
    narrator.complain(message, code);
    const elsewhere = draft.to.startsWith("#") && draft.to !== talk.target;
    if (linear || elsewhere || composer.line !== "") this.#tell(draft);
    else composer.set(lineOf(draft, talk.target));
  }

  /** The name was refused: the next line is another. */
  askName({ code, message, name }: ClientEvent & { kind: "nameRefused" }): void {
    const { talk, narrator } = this.#staff;
    talk.asking = true;
    narrator.complain(`${name}: ${message}`, code);
    narrator.tell("type another name, or press Ctrl-D to give up");
  }

  /** The chat is over; returns the exit code. */
  ended({ why, code, message }: ClientEvent & { kind: "ended" }): number {
    if (why === "bye") return this.#staff.talk.asking ? 4 : 0;
    this.#staff.narrator.complain(message, code);
    this.#tellUnsent();
    return why === "refused" ? 4 : why === "unreachable" ? 3 : 1;
  }

  /** Leaves, once what was said has arrived; what is on the screen counts as read. */
  leave(): void {
    const { chat, talk, narrator, marks, end } = this.#staff;
    if (this.#leaving) return;
    this.#leaving = true;
    if (talk.asking) return end(4);
    marks.flush();
    const moving = chat.files?.list.filter(isUnderWay).length ?? 0;
    if (moving > 0) {
      narrator.tell(`${moving === 1 ? "1 file goes" : `${moving} files go`} on when you come back`);
    }
    const done = moving > 0 ? 8 : 0;
    const waiting = chat.pending.length;
    if (waiting === 0) return end(done);
    narrator.tell(`${waiting} on the way: leaving when the server has them; Ctrl-C leaves at once`);
    const settled = chat.settled().then(() => done, () => 7);
    within(LAST_WORDS_MS, settled).then((code = 7) => {
      this.#tellUnsent();
      end(code);
    });
  }

  #rename(name: string): void {
    const { chat, talk, composer } = this.#staff;
    if (name === "") return;
    talk.asking = false;
    composer.clear();
    chat.rename(name);
  }

  #tellUnsent(): void {
    this.#staff.chat.pending.forEach((draft) => this.#tell(draft));
  }

  /** The text, to be copied. */
  #tell(draft: Draft): void {
    const { talk, narrator } = this.#staff;
    const where = draft.to === talk.target || draft.to.startsWith("@") ? "" : ` to ${draft.to}`;
    narrator.tell(`not sent${where}: ${lineOf(draft, talk.target)}`);
  }
}

/** The line that says this draft again, typed while `target` is where plain lines go. */
export function lineOf({ to, text }: Pick<Draft, "to" | "text">, target: string): string {
  const action = /^\/me\s/.test(text);
  if (to.startsWith("@") && to !== target) return `/whisper ${to.slice(1)} ${text}`;
  return text.startsWith("/") && !action ? `/${text}` : text;
}
