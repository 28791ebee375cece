import { readsOneWay } from "./bidi.ts";
import { MAX_NAME_POINTS } from "./limits.ts";
import { skeletons } from "./lookalikes.ts";
import { normalised } from "./normalise.ts";
import { oneScript } from "./scripts.ts";

export { skeletons };

/** Why a name cannot be had by anybody. */
export interface NameProblem {
  readonly code: "name_invalid" | "name_reserved";
  readonly message: string;
}

/** Why no room can have this name. */
export interface RoomProblem {
  readonly code: "room";
  readonly message: string;
}

/** Who speaks for the server, and words that would read as such or as "everybody". */
const RESERVED =
  `server system admin administrator root operator op moderator mod staff owner all everyone here channel
  chat you me null undefined`.split(/\s+/);
/** The keys no JSON object may have: such a room could not stand in `resume`. */
const NO_KEYS: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

const ASCII = /^[a-z0-9_.-]*$/;
const LETTER_OR_DIGIT = /[\p{L}\p{Nd}]/u;
const EDGE = /^[.\-]|[.\-]$/;
const DIGIT = /\p{Nd}/u;
/** A mark with nothing to stand on, the same mark twice, five in a row (UTS 39, section 5.4). */
const STRAY_MARK = /(?:^|[_.\-])\p{M}|(\p{Mn})\1|\p{Mn}{5}/u;

let reserved: ReadonlySet<string> | undefined;

/** The one form of a user's name, and why it is refused if it is. Reading the result again gives the result. */
export function readName(raw: string): { readonly name: string; readonly problem?: NameProblem } {
  const { name, fault } = read(raw);
  if (name === "*" || (fault === undefined && isReserved(name))) {
    return { name, problem: { code: "name_reserved", message: "This name is reserved. Choose another." } };
  }
  if (fault !== undefined) return { name, problem: { code: "name_invalid", message: `A name ${fault}.` } };
  return { name };
}

/** The same for a room's name; `#` is not part of it. */
export function readRoom(raw: string): { readonly name: string; readonly problem?: RoomProblem } {
  const { name, fault } = read(raw);
  if (fault !== undefined) return { name, problem: { code: "room", message: `A room's name ${fault}.` } };
  if (NO_KEYS.has(name)) {
    return { name, problem: { code: "room", message: "This room's name is reserved. Choose another." } };
  }
  return { name };
}

function read(raw: string): { name: string; fault: string | undefined } {
  // Nothing shrinks to a quarter: what is longer is refused before any work is put into it.
  const long = `has 1 to ${MAX_NAME_POINTS} characters`;
  if (raw.length > 4 * MAX_NAME_POINTS) return { name: raw, fault: long };
  const name = normalised(raw);
  const points = ASCII.test(name) ? name.length : [...name].length;
  return { name, fault: points < 1 || points > MAX_NAME_POINTS ? long : faultOf(name) };
}

/** What is wrong with a normalised name, to be read after "A name". */
function faultOf(name: string): string | undefined {
  if (EDGE.test(name)) return "cannot begin or end with a dot or a dash";
  if (!LETTER_OR_DIGIT.test(name)) return "needs a letter or a digit";
  if (ASCII.test(name)) return undefined;
  if (!ofClass(name) || name.normalize("NFKC") !== name) {
    return "has only letters, digits, dots, dashes and underscores";
  }
  if (STRAY_MARK.test(name.normalize("NFD"))) return "cannot have marks without a letter, or so many";
  if (!oneScript(name) || !oneKindOfDigits(name)) return "cannot mix scripts, or kinds of digits";
  return readsOneWay(name)
    ? undefined
    : "from right to left begins with a letter and has no letters of the other direction";
}

/** The ten digits of a script stand together, so one kind has one beginning. */
function oneKindOfDigits(name: string): boolean {
  let first: number | undefined;
  for (const char of name) {
    if (!DIGIT.test(char)) continue;
    let zero = char.codePointAt(0)!;
    while (DIGIT.test(String.fromCodePoint(zero - 1))) zero--;
    if (first !== undefined && first !== zero) return false;
    first = zero;
  }
  return true;
}

/** IdentifierClass of RFC 8264 without its contextual characters. In here, so that only who needs it waits for it. */
function ofClass(name: string): boolean {
  return /^[[\p{L}\p{Mn}\p{Mc}\p{Nd}_.\-]--[\p{Lu}\p{Lt}\p{Default_Ignorable_Code_Point}\u0640\u07fa\u302e\u302f\u3031-\u3035\u303b\u1100-\u11ff\ua960-\ua97c\ud7b0-\ud7fb]]*$/v
    .test(name);
}

function isReserved(name: string): boolean {
  const looks = (reserved ??= new Set(RESERVED.flatMap(skeletons)));
  return skeletons(name).some((skeleton) => looks.has(skeleton));
}
