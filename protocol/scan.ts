import { ProtocolError } from "./errors.ts";
import { MAX_DEPTH, MAX_KEYS, MAX_NODES } from "./limits.ts";

const FORBIDDEN = new Set(["__proto__", "constructor", "prototype"]);
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Judges the shape of a JSON text before it is parsed, in one pass and without building anything: nesting, number of
 * values, keys. What is not JSON at all is left to the parser; what both accept, both see alike.
 *
 * Throws a fatal {@linkcode ProtocolError} `depth` or `key` (a duplicate); returns the error of a text that may be parsed
 * but not used (a forbidden key, a lone surrogate), or `undefined`.
 */
export function scan(json: string, { nodes: limit = MAX_NODES } = {}): ProtocolError | undefined {
  /** Keys of each open object; `undefined` for an open array. */
  const open: (Set<string> | undefined)[] = [];
  let nodes = 0;
  let keyNext = false;
  let inWord = false;
  let problem: ProtocolError | undefined;
  /** The next escape, looked for once and not once per string. */
  let escape = json.indexOf("\\u");

  for (let at = 0; at < json.length; at++) {
    const c = json.charCodeAt(at);
    switch (c) {
      case QUOTE: {
        const end = endOfString(json, at);
        if (keyNext) {
          const key = unescaped(json, at, end);
          const soft = remember(open.at(-1)!, key); // always: a duplicate is fatal, whatever came before
          problem ??= soft;
          keyNext = false;
        } else if (++nodes > limit) throw tooMany(limit);
        if (escape >= 0 && escape < at) escape = json.indexOf("\\u", at);
        if (escape >= 0 && escape < end) problem ??= loneSurrogate(json, at, end);
        at = end;
        inWord = false;
        break;
      }
      case 0x7b: // {
      case 0x5b: // [
        if (++nodes > limit) throw tooMany(limit);
        if (open.length === MAX_DEPTH) {
          throw new ProtocolError("depth", `Nested deeper than ${MAX_DEPTH} levels`, { fatal: true });
        }
        keyNext = c === 0x7b;
        open.push(keyNext ? new Set() : undefined);
        inWord = false;
        break;
      case 0x7d: // }
      case 0x5d: // ]
        open.pop();
        keyNext = inWord = false;
        break;
      case 0x2c: // ,
        keyNext = open.at(-1) !== undefined;
        inWord = false;
        break;
      case 0x3a: // :
      case 0x20:
      case 0x09:
      case 0x0a:
      case 0x0d:
        inWord = false;
        break;
      default: // a letter or digit of true, false, null, or a number
        if (!inWord && ++nodes > limit) throw tooMany(limit);
        inWord = true;
    }
  }
  return problem;
}

/** The index of the closing quote of the string that opens at `at`, or the last index where there is none. */
function endOfString(json: string, at: number): number {
  for (let end = json.indexOf('"', at + 1); end >= 0; end = json.indexOf('"', end + 1)) {
    let slashes = 0;
    while (json.charCodeAt(end - 1 - slashes) === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return end;
  }
  return json.length - 1;
}

function unescaped(json: string, at: number, end: number): string {
  const raw = json.slice(at + 1, end);
  if (!raw.includes("\\")) return raw;
  try {
    return JSON.parse(json.slice(at, end + 1));
  } catch {
    return raw; // not JSON: the parser will say so
  }
}

function remember(keys: Set<string>, key: string): ProtocolError | undefined {
  if (keys.has(key)) throw new ProtocolError("key", "The same key twice in one object", { fatal: true });
  keys.add(key);
  if (keys.size > MAX_KEYS) {
    throw new ProtocolError("depth", `More than ${MAX_KEYS} keys in one object`, { fatal: true });
  }
  return FORBIDDEN.has(key) ? new ProtocolError("key", `The key ${key} is not allowed`) : undefined;
}

/** Raw text is well formed already (it was UTF-8); only an escape can bring half a pair. */
function loneSurrogate(json: string, at: number, end: number): ProtocolError | undefined {
  try {
    const text: string = JSON.parse(json.slice(at, end + 1));
    if (text.isWellFormed()) return undefined;
  } catch {
    return undefined; // not JSON: the parser will say so
  }
  return new ProtocolError("schema", "A string with half a surrogate pair");
}

function tooMany(limit: number): ProtocolError {
  return new ProtocolError("depth", `More than ${limit} values`, { fatal: true });
}
