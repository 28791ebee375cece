import type { Case } from "../vectors.ts";

function hello(name: string): Pick<Case, "state" | "json"> {
  return { state: "greeting", json: JSON.stringify({ type: "hello", protocol: 1, name }) };
}

function named(name: string, rule: string, raw: string, named: string): Case {
  return { name, rule, ...hello(raw), means: { type: "hello", protocol: 1, name: raw }, named };
}

function refused(name: string, rule: string, raw: string, code = "name_invalid"): Case {
  return { name, rule, ...hello(raw), error: { code, fatal: false } };
}

function room(name: string, raw: string, named: string): Case {
  return {
    name,
    rule: "N7",
    json: JSON.stringify({ type: "join", room: raw }),
    means: { type: "join", room: raw },
    named,
  };
}

function noRoom(name: string, raw: string): Case {
  return {
    name,
    rule: "N7",
    json: JSON.stringify({ type: "join", room: raw }),
    error: { code: "room", fatal: false },
  };
}

/** Rules N1 to N7. */
export const NAMES: readonly Case[] = [
  named("capitals", "N1", "ALICE", "alice"),
  named("full-width letters", "N1", "Ａｌｉｃｅ", "alice"),
  named("half-width katakana", "N1", "ｶﾞ", "ガ"),
  named("a decomposed letter", "N1", "E\u0301va", "éva"),
  named("the Turkish capital I with a dot", "N1", "İz", "i\u0307z"),
  named("a capital sharp s", "N1", "STRAẞE", "straße"),
  named("Cyrillic capitals", "N1", "ЖАННА", "жанна"),
  named("a final sigma", "N1", "ΣΟΦΟΣ", "σοφος"),
  named("32 characters", "N2", "a".repeat(32), "a".repeat(32)),
  named("digits and signs", "N2", "R2-d2.x_", "r2-d2.x_"),
  refused("33 characters", "N2", "a".repeat(33)),
  refused("a space", "N2", "al ice"),
  refused("a dash at the end", "N2", "alice-"),
  refused("a dot at the beginning", "N2", ".alice"),
  refused("no letter and no digit", "N2", "___"),
  refused("a sign", "N2", "alice!"),
  refused("an emoji", "N2", "alice😀"),
  refused("a long s", "N2", "ſam"),
  refused("mathematical letters", "N2", "𝒶lice"),
  refused("a mark without a letter", "N2", "\u0301a"),
  refused("the same mark twice", "N2", "a\u0323\u0323"),
  refused("a zero-width joiner", "N2", "al\u200dice"),
  refused("a right-to-left override", "N2", "\u202ealice"),
  refused("a soft hyphen", "N2", "al\u00adice"),
  refused("a variation selector", "N2", "alice\ufe0f"),
  refused("a private character", "N2", "alice\ue000"),
  refused("Latin and Cyrillic", "N3", "аlice"),
  refused("Latin and Greek", "N3", "αlice"),
  named("Japanese and Latin", "N3", "日本のtom", "日本のtom"),
  refused("Hangul and kana", "N3", "한の"),
  refused("a stroke beside Latin", "N3", "aノb"),
  refused("digits of two kinds", "N3", "दो1२"),
  named("Hebrew", "N4", "שלום1", "שלום1"),
  refused("Hebrew that begins with a digit", "N4", "1שלום"),
  refused("Arabic digits of two kinds", "N3", "عدد1٣"),
  refused("a reserved name", "N5", "Server", "name_reserved"),
  refused("a name that looks like a reserved one", "N5", "adrnin", "name_reserved"),
  refused("the star", "N5", "*", "name_reserved"),
  room("a room in capitals", "Tea", "tea"),
  room("a reserved word as a room", "admin", "admin"),
  noRoom("a room with its sign", "#tea"),
  noRoom("a room with a space", "green tea"),
  noRoom("a room that no object can have as a key", "constructor"),
];
