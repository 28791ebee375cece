import { MAX_SEARCH } from "../protocol/limits.ts";
import { normalised } from "../protocol/normalise.ts";
import type { Search } from "./chat_client.ts";

/** A query as it was typed, understood, with the words to highlight; or what is wrong with it. */
export type Searched =
  | { readonly kind: "query"; readonly query: Search; readonly words: readonly string[] }
  | { readonly kind: "problem"; readonly message: string };

/** A key with its value, a phrase, or a word. */
const PART = /(?:(from|in|since):("[^"]*"|\S*))|"([^"]*)"|(\S+)/gi;
const UNITS: Readonly<Record<string, number>> = { m: 60, h: 3_600, d: 86_400, w: 604_800 };
const LONGEST_AGO_S = 100 * 365 * 86_400;

/** Reads `from:bob in:#ops since:2d "disk full" words`. `me` is the name that `from:me` stands for. */
export function readSearch(
  typed: string,
  { now, me }: { readonly now: Date; readonly me: string },
): Searched {
  if ((typed.match(/"/g)?.length ?? 0) % 2 === 1) {
    return problem('a quotation mark has no partner: "disk full"');
  }
  const found: { text: string[]; from?: string; to?: string; since?: string } = { text: [] };
  const words: string[] = [];
  for (const [, key, value = "", phrase, word] of typed.matchAll(PART)) {
    const given = value.replaceAll('"', "").trim();
    switch (key?.toLowerCase()) {
      case "from": {
        if (found.from !== undefined) return problem("from: is there twice, and nobody is two people");
        const name = given.replace(/^@/, "");
        if (name === "") return problem("from: needs a name: from:bob");
        found.from = name.toLowerCase() === "me" ? me : normalised(name);
        break;
      }
      case "in": {
        if (found.to !== undefined) return problem("in: is there twice: search one place after the other");
        const [, sign = "#", name = ""] = /^([#@]?)(.*)$/.exec(given)!;
        if (name === "") return problem("in: needs a room or a person: in:#ops, in:@bob");
        found.to = `${sign || "#"}${normalised(name)}`;
        break;
      }
      case "since": {
        if (found.since !== undefined) return problem("since: is there twice");
        const at = readSince(given, now);
        if (at === undefined) return problem(`since:${given} is not understood: use 2d, 3h, 2026-11-01`);
        found.since = at.toISOString();
        break;
      }
      default: {
        const text = (phrase ?? word ?? "").replaceAll('"', "").trim();
        if (text === "") break;
        words.push(text);
        found.text.push(phrase === undefined ? text : `"${text}"`);
      }
    }
  }
  const { text: [...parts], ...rest } = found;
  const text = parts.join(" ");
  if (text.length > MAX_SEARCH) {
    return problem(`that is too much to look for: at most ${MAX_SEARCH} characters`);
  }
  if (text === "" && Object.keys(rest).length === 0) {
    return problem('what to look for is missing: from:bob in:#ops since:2d "disk full"');
  }
  return { kind: "query", query: text === "" ? rest : { ...rest, text }, words };
}

/** `2d`, `90m`, `2026-11-01` or `2026-11-01T14:30`; days begin where this computer is. */
function readSince(given: string, now: Date): Date | undefined {
  const [, count, unit] = /^(\d{1,9})([mhdw])$/i.exec(given) ?? [];
  if (count !== undefined && unit !== undefined) {
    const seconds = Number(count) * UNITS[unit.toLowerCase()]!;
    return seconds > LONGEST_AGO_S ? undefined : new Date(now.getTime() - seconds * 1_000);
  }
  const [, year, month, day, hour = "0", minute = "0"] =
    /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d))?$/i.exec(given) ?? [];
  if (year === undefined) return undefined;
  const at = new Date(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute));
  // The 31st of June would be the 1st of July.
  const real = at.getMonth() === Number(month) - 1 && at.getDate() === Number(day) && Number(hour) < 24 &&
    Number(minute) < 60;
  return real ? at : undefined;
}

function problem(message: string): Searched {
  return { kind: "problem", message };
}
