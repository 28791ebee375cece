import { assertEquals } from "@std/assert";
import { KeyDecoder } from "../client/terminal/keys.ts";
import { type Dialogue, Secrets } from "../client/terminal/secrets.ts";

/** Somebody who is asked for secrets. */
class Keys {
  /** What became of each question. */
  readonly answers: (string | undefined)[] = [];
  /** What the terminal was told to show or not. */
  hidden = false;
  /** Keys that were not for a dialogue. */
  readonly rest: string[] = [];
  readonly secrets = new Secrets((on) => void (this.hidden = on));
  readonly #keys = new KeyDecoder();
  #now = 0;

  type(...inputs: string[]): this {
    for (const input of inputs) {
      this.#now += 1_000;
      for (const key of [...this.#keys.push(input, this.#now), ...this.#keys.flush()]) {
        if (!this.secrets.press(key)) this.rest.push(key.kind === "key" ? key.name : key.text);
      }
    }
    return this;
  }

  *twice(): Dialogue {
    this.answers.push(yield "password: ");
    if (this.answers.at(-1) === undefined) return;
    this.answers.push(yield "again: ");
  }

  ask(): this {
    this.secrets.ask(this.twice());
    return this;
  }
}

Deno.test("Secrets asks one thing after the other within one chunk, and gives the rest back", () => {
  const keys = new Keys().ask();
  assertEquals([keys.secrets.prompt, keys.hidden], ["password: ", true]);
  keys.type("geheim\r");
  assertEquals(keys.secrets.prompt, "again: ");
  keys.type("geheim\rhello");
  assertEquals([keys.answers, keys.rest], [["geheim", "geheim"], ["hello"]]);
  assertEquals([keys.secrets.prompt, keys.hidden], [undefined, false]);
  keys.ask().type("one\rtwo\rthree");
  assertEquals([keys.answers.slice(2), keys.rest], [["one", "two"], ["hello", "three"]]);
});

Deno.test("Secrets edits by whole characters, and knows no completion, search or history", () => {
  const keys = new Keys().ask().type("wrong", "\x15", "ge\t\x12\x1b[A\x1b[Dhé👩‍👩‍👧x", "\x7f\x7f", "im\r");
  assertEquals([keys.answers, keys.rest], [["gehéim"], []]);
  keys.type("all of it", "\x17", "new\r");
  assertEquals(keys.answers.at(-1), "new");
});

Deno.test("Secrets takes the first line of a paste, and no Enter out of it", () => {
  const keys = new Keys().ask().type("\x1b[200~geheim\rsecond\rthird\x1b[201~");
  assertEquals([keys.answers, keys.secrets.prompt], [[], "password: "]);
  keys.type("!\r");
  assertEquals(keys.answers, ["geheim!"]);
  keys.type("\x1b[200~\rpasted\r\x1b[201~", "\r");
  assertEquals(keys.answers, ["geheim!", "pasted"]);
});

Deno.test("Secrets is left by Ctrl-C, Escape, and Ctrl-D on an empty line, and forgets what was typed", () => {
  for (const leave of ["half\x03", "half\x1b", "\x04"]) {
    const keys = new Keys().ask().type(leave);
    assertEquals([keys.answers, keys.secrets.prompt, keys.hidden], [[undefined], undefined, false]);
    assertEquals(keys.ask().type("new\r").answers.at(-1), "new");
  }
  assertEquals(new Keys().ask().type("half\x04\r").answers, ["half"]);
});

Deno.test("Secrets leaves suspending and redrawing to others, and makes way for another dialogue", () => {
  const keys = new Keys().ask().type("half", "\x1a", "\x0c");
  assertEquals(keys.rest, ["z", "l"]);
  keys.ask().type("new\r");
  assertEquals(keys.answers, ["new"]);
  keys.secrets.done();
  assertEquals([keys.secrets.prompt, keys.hidden], [undefined, false]);
});
