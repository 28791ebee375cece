/** One thing typed: characters, a piece of something pasted, or a key by name (as `node:readline` names them). */
export type Key =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "paste"; readonly text: string }
  | {
    readonly kind: "key";
    readonly name: string;
    readonly ctrl: boolean;
    readonly meta: boolean;
    readonly shift: boolean;
  };

/** Asks the terminal to mark what is pasted, and not to. */
export const PASTE_ON = "\x1b[?2004h";
export const PASTE_OFF = "\x1b[?2004l";

const PASTE_START = "\x1b[200~";
const PASTE_END = "\x1b[201~";
/**
 * What arrives so soon after the end of a paste was not typed: somebody put the end mark into the text that was copied,
 * and the rest is meant to run as commands. It is taken as part of the paste.
 */
const TAIL_MS = 50;

// deno-lint-ignore no-control-regex
const TEXT = /^[^\x00-\x1f\x7f]+/u;
// deno-lint-ignore no-control-regex
const SEQUENCE = /^\x1b(?:\[([\x30-\x3f]*)[\x20-\x2f]*([\x40-\x7e])|O([\x40-\x7e])|([^\x1b[O]))/u;
// deno-lint-ignore no-control-regex
const UNFINISHED = /^\x1b(?:\[[\x20-\x3f]{0,32}|O)?$/;
const BY_LETTER: Readonly<Record<string, string>> = {
  A: "up",
  B: "down",
  C: "right",
  D: "left",
  F: "end",
  H: "home",
  Z: "tab",
};
const BY_NUMBER: Readonly<Record<string, string>> = {
  1: "home",
  3: "delete",
  4: "end",
  5: "pageup",
  6: "pagedown",
  7: "home",
  8: "end",
};
const BY_CONTROL: Readonly<Record<string, string>> = {
  "\t": "tab",
  "\r": "return",
  "\n": "return",
  "\b": "backspace",
  "\x7f": "backspace",
};

/** Turns what a terminal sends into keys, however it was cut into chunks. */
export class KeyDecoder {
  #rest = "";
  #pasting = false;
  #tailUntil = -Infinity;

  /** The keys in `chunk`; `now` is any clock in milliseconds. */
  push(chunk: string, now: number): Key[] {
    const keys: Key[] = [];
    let input = this.#rest + chunk;
    this.#rest = "";
    while (input !== "") {
      const taken = this.#pasting || now < this.#tailUntil
        ? this.#paste(input, now, keys)
        : this.#key(input, keys);
      if (taken === 0) {
        this.#rest = input;
        break;
      }
      input = input.slice(taken);
    }
    return keys;
  }

  /** Whether an escape sequence has begun and may go on. */
  get waiting(): boolean {
    return this.#rest !== "" && !this.#pasting;
  }

  /** Nothing more came: what looked like the start of a sequence was the Escape key. */
  flush(): Key[] {
    if (!this.waiting) return [];
    const rest = this.#rest.slice(1);
    this.#rest = "";
    return rest === "" ? [key("escape")] : [key(rest === "O" ? "o" : rest, { meta: true })];
  }

  /** Takes pasted text, up to a mark or to all there is; 0 when a mark may have begun. */
  #paste(input: string, now: number, keys: Key[]): number {
    const mark = input.indexOf("\x1b");
    const text = mark < 0 ? input : input.slice(0, mark);
    if (!this.#pasting) this.#tailUntil = now + TAIL_MS;
    if (text !== "") {
      keys.push({ kind: "paste", text });
      return text.length;
    }
    if (input.startsWith(PASTE_END)) {
      this.#pasting = false;
      this.#tailUntil = now + TAIL_MS;
      return PASTE_END.length;
    }
    if (input.startsWith(PASTE_START)) {
      this.#pasting = true;
      return PASTE_START.length;
    }
    if (PASTE_END.startsWith(input) || PASTE_START.startsWith(input)) return 0;
    keys.push({ kind: "paste", text: "\x1b" });
    return 1;
  }

  #key(input: string, keys: Key[]): number {
    const text = TEXT.exec(input)?.[0];
    if (text !== undefined) {
      keys.push({ kind: "text", text });
      return text.length;
    }
    if (input[0] !== "\x1b") {
      keys.push(control(input[0]!));
      return 1;
    }
    if (input.startsWith(PASTE_START)) {
      this.#pasting = true;
      return PASTE_START.length;
    }
    if (UNFINISHED.test(input)) return 0;
    const found = SEQUENCE.exec(input);
    if (found === null) {
      keys.push(key("escape"));
      return 1;
    }
    const [whole, args, final, single, meta] = found;
    if (meta !== undefined) {
      keys.push(meta.length === 1 && meta < " " ? { ...control(meta), meta: true } : alt(meta));
    } else if (final !== undefined) keys.push(...sequence(args ?? "", final));
    else if (single !== undefined && single in BY_LETTER) keys.push(key(BY_LETTER[single]!));
    return whole.length;
  }
}

type Named = Key & { kind: "key" };

function key(name: string, { ctrl = false, meta = false, shift = false } = {}): Named {
  return { kind: "key", name, ctrl, meta, shift };
}

function control(char: string): Named {
  const name = BY_CONTROL[char];
  if (name !== undefined) return key(name);
  return key(String.fromCharCode(char.charCodeAt(0) + 0x60).replace("\x7f", "_"), { ctrl: true });
}

function alt(char: string): Named {
  return char === "\x7f" ? key("backspace", { meta: true }) : key(char.toLowerCase(), { meta: true });
}

/** A control sequence; one without a meaning here is no key at all, and above all no text. */
function sequence(args: string, final: string): Key[] {
  const [first = "", modifier = "1"] = args.split(";");
  const name = final === "~" ? BY_NUMBER[first] : BY_LETTER[final];
  if (name === undefined) return [];
  const bits = Math.max(0, Number(modifier) - 1) || 0;
  return [key(name, { shift: (bits & 1) > 0 || final === "Z", meta: (bits & 2) > 0, ctrl: (bits & 4) > 0 })];
}
