import { assertEquals, assertStringIncludes } from "@std/assert";
import { complete } from "../client/completion.ts";
import { Composer, type Wish } from "../client/terminal/composer.ts";
import { InputHistory } from "../client/terminal/input_history.ts";
import { KeyDecoder } from "../client/terminal/keys.ts";

/** A composer with someone at the keys. */
class Desk implements Disposable {
  readonly composer: Composer;
  readonly wishes: Wish[] = [];
  readonly #keys = new KeyDecoder();
  #now = 0;

  constructor(lines: readonly string[] = []) {
    this.composer = new Composer(
      new InputHistory(lines),
      (line, cursor) =>
        complete(line, cursor, { users: ["bob", "bill", "_carol_", "Dörte"], rooms: ["lobby", "garden"] }),
    );
  }

  /** Each argument is typed a while after the one before. */
  type(...inputs: string[]): this {
    for (const input of inputs) {
      this.#now += 1_000;
      for (const key of [...this.#keys.push(input, this.#now), ...this.#keys.flush()]) {
        const wish = this.composer.press(key);
        if (wish !== undefined) this.wishes.push(wish);
      }
    }
    return this;
  }

  get shown(): string {
    const { line, cursor, searching = "" } = this.composer.view;
    return `${searching}${line.slice(0, cursor)}|${line.slice(cursor)}`;
  }

  [Symbol.dispose](): void {
    this.composer.close();
  }
}

Deno.test("Composer edits as readline does, and by whole characters", () => {
  using desk = new Desk();
  assertEquals(desk.type("hello wörld", "\x1b[D\x1b[D", "X").shown, "hello wörX|ld");
  assertEquals(desk.type("\x01", "\x0b").shown, "|");
  assertEquals(desk.type("\x19").shown, "hello wörXld|");
  assertEquals(desk.type("\x17", "\x1f").shown, "hello wörXld|");
  desk.composer.clear();
  assertEquals(desk.type("a👩‍👩‍👧b", "\x1b[D\x1b[D").shown, "a|👩‍👩‍👧b");
  assertEquals(desk.type("\x1b[3~").shown, "a|b");
  assertEquals(desk.type("e\u0301", "\x7f").shown, "a|b");
});

Deno.test("Composer completes commands, names and rooms where each belongs, and cycles", () => {
  using desk = new Desk();
  const after = (typed: string, ...keys: string[]) => {
    desk.composer.clear();
    return desk.type(typed, ...keys).shown;
  };
  assertEquals(after("/whi", "\t"), "/whisper |");
  assertEquals(after("/whisper b", "\t"), "/whisper bob |");
  assertEquals(after("/w bob hi b", "\t"), "/w bob hi bob |");
  assertEquals(after("/join g", "\t"), "/join #garden |");
  assertEquals(after("/help wh", "\t"), "/help whisper |");
  assertEquals(after("/devices r", "\t"), "/devices revoke |");
  assertEquals(after("/register b", "\t"), "/register b|");
  assertEquals(after("b", "\t"), "bob: |");
  assertEquals(after("b", "\t", "\t"), "bill: |");
  assertEquals(after("b", "\t", "\t", "\t"), "bob: |");
  assertEquals(after("b", "\x1b[Z"), "bill: |");
  assertEquals(after("b", "\t", " hi"), "bob:  hi|");
  assertEquals(after("hi CAR", "\t"), "hi _carol_ |");
  assertEquals(after("see #ga", "\t"), "see #garden |");
  assertEquals(after("ask @do there", "\x1b[1;5D\x1b[D", "\t"), "ask @do| there");
  assertEquals(after("dö", "\t"), "Dörte: |");
  after("b", "\t");
  assertEquals(desk.composer.view.hint, "[bob:]  bill:");
});

Deno.test("Composer walks its history and keeps a half-typed line", () => {
  using desk = new Desk(["one", "two"]);
  assertEquals(desk.type("half", "\x1b[A").shown, "two|");
  assertEquals(desk.type("\x1b[A", "\x1b[A").shown, "one|");
  assertEquals(desk.type("\x1b[B", "\x1b[B", "\x1b[B").shown, "half|");
});

Deno.test("Composer searches its history with a prompt of its own", () => {
  using desk = new Desk(["first apple", "a pear", "second apple"]);
  assertEquals(desk.type("x", "\x12", "appl").shown, "(search) appl: second |apple");
  assertEquals(desk.type("\x12").shown, "(search) appl: first |apple");
  assertEquals(desk.type("\r").shown, "first |apple");
  assertEquals(desk.wishes, []);
  assertEquals(desk.type("\x12", "pear", "\x1b").shown, "first |apple");
  assertStringIncludes(desk.type("\x12", "zzz").shown, "(nothing)");
});

Deno.test("Composer [E15] takes a paste as text: nothing in it is run, and newlines stay", () => {
  using desk = new Desk();
  desk.type("\x1b[200~/quit\r/whisper bob x\r\x1b[201~\r/quit\r");
  assertEquals(desk.wishes, []);
  desk.type("\r");
  assertEquals(desk.wishes, [{ kind: "submit", line: "/quit\n/whisper bob x\n\n/quit\n", verbatim: true }]);
  desk.composer.clear();
  desk.wishes.length = 0;
  desk.type("/w bob ", "\x1b[200~a\rb\x1b[201~", "\r");
  assertEquals(desk.wishes, [{ kind: "submit", line: "/w bob a\nb", verbatim: false }]);
  desk.composer.clear();
  assertEquals(desk.type("\x1b[200~\x1b]0;x\x07\x9b\ty\x1b[201~").shown, "]0;x    y|");
});

Deno.test("Composer breaks a line on Alt-Enter and asks before it sends very much", () => {
  using desk = new Desk();
  desk.type("a\x1b\rb", "\r");
  assertEquals(desk.wishes, [{ kind: "submit", line: "a\nb", verbatim: false }]);
  desk.composer.clear();
  desk.wishes.length = 0;
  desk.type(`\x1b[200~${"line\r".repeat(12)}\x1b[201~`, "\r");
  assertEquals(desk.wishes, []);
  assertStringIncludes(desk.composer.view.hint, "Enter again");
  desk.type("\r");
  assertEquals(desk.wishes.length, 1);
});

Deno.test("Composer leaves leaving to others: Ctrl-C clears or interrupts, Ctrl-D deletes or ends", () => {
  using desk = new Desk();
  desk.type("abc\x01", "\x04");
  assertEquals(desk.shown, "|bc");
  desk.type("\x03");
  assertEquals(desk.shown, "|");
  desk.type("\x03", "\x04", "\x1a", "\x0c");
  assertEquals(desk.wishes.map(({ kind }) => kind), ["interrupt", "end", "suspend", "redraw"]);
});

Deno.test("Composer asks for what is older on PgUp, if the line is empty", () => {
  using desk = new Desk();
  assertEquals(desk.type("\x1b[5~", "\x1b[6~").wishes.map(({ kind }) => kind), ["older"]);
  assertEquals(desk.type("half", "\x1b[5~").shown, "half|");
  assertEquals(desk.wishes.length, 1);
});

Deno.test("Composer forgets a line so that neither undo, yank nor Up brings it back", () => {
  using desk = new Desk(["before"]);
  desk.type("/register hunter2", "\x15", "\x19");
  assertEquals(desk.shown, "/register hunter2|");
  desk.composer.forget();
  for (const key of ["\x1f", "\x1f", "\x1f", "\x19"]) assertEquals(desk.type(key).shown, "|");
  assertEquals(desk.type("\x1b[A").shown, "before|");
});
