import { assertEquals } from "@std/assert";
import type { Conversation } from "../client/gui/chat_state.ts";
import { type Row, rowsOf } from "../client/gui/page/rows.ts";
import type { Entry } from "../client/entry.ts";

const NOON = new Date(2026, 0, 2, 12).getTime();

const said = (seq: number, from: string, minutes = 0, text = `text ${seq}`): Entry => ({
  type: "message",
  room: "lobby",
  id: `id-${seq}`,
  seq,
  at: new Date(NOON + minutes * 60_000).toISOString(),
  from,
  text,
});

function rows(given: Partial<Conversation>, more: Partial<Parameters<typeof rowsOf>[0]> = {}): Row[] {
  const conversation: Conversation = {
    to: "#lobby",
    member: true,
    users: [],
    entries: [],
    opened: true,
    more: false,
    gaps: [],
    last: 0,
    read: 0,
    delivered: 0,
    kept: 0,
    outgoing: [],
    draft: "",
    level: "all",
    privacy: "plain",
    ...given,
  };
  return rowsOf({ conversation, me: "alice", divider: null, lines: [], ...more });
}

function keys(of: readonly Row[]): string[] {
  return of.map(({ key }) => key);
}

Deno.test("from the beginning: its line, the day, the entries; what is on its way comes last", () => {
  const all = rows({
    entries: [said(1, "bob"), said(2, "alice")],
    outgoing: [{ id: "x", text: "on its way" }],
  });
  assertEquals(keys(all), ["top", "day 1", "entry 1", "entry 2", "out x"]);
});

Deno.test("while there is more above, the first row is an entry, which stays when more comes", () => {
  const before = rows({ entries: [said(5, "bob")], more: true });
  assertEquals(keys(before), ["entry 5"]);
  const after = rows({ entries: [said(4, "bob", -60 * 24), said(5, "bob")], more: true });
  assertEquals(keys(after), ["entry 4", "day 5", "entry 5"]);
});

Deno.test("the line above what is new stands before the first entry of somebody else", () => {
  const entries = [said(1, "bob"), said(2, "alice"), said(3, "bob")];
  assertEquals(keys(rows({ entries }, { divider: 1 })).slice(2), [
    "entry 1",
    "entry 2",
    "divider",
    "entry 3",
  ]);
  assertEquals(keys(rows({ entries }, { divider: 3 })).includes("divider"), false);
  assertEquals(keys(rows({ entries }, { divider: null })).includes("divider"), false);
});

Deno.test("what one person says within five minutes is one block; an action stands for itself", () => {
  const entries = [
    said(1, "bob"),
    said(2, "bob", 4),
    said(3, "bob", 10),
    said(4, "carol", 10),
    said(5, "carol", 11, "/me waves"),
    said(6, "carol", 11),
  ];
  const heads = rows({ entries }).flatMap((row) => row.kind === "entry" ? [row.head] : []);
  assertEquals(heads, [true, false, true, true, true, true]);
});

Deno.test("whispers of one's own: stored, kept, delivered", () => {
  const entries = [1, 2, 3, 4].map((seq): Entry => {
    const { id, at, text } = said(seq, "alice");
    return { type: "whisper", id, seq, at, from: seq === 4 ? "bob" : "alice", to: "bob", text };
  });
  const fates = rows({ to: "@bob", entries, delivered: 1, kept: 2 }).flatMap((row) =>
    row.kind === "entry" ? [row.fate] : []
  );
  assertEquals(fates, ["delivered", "kept", "stored", null]);
});

Deno.test("lines of this window and gaps stand where they belong", () => {
  const entries = [said(1, "bob"), said(5, "bob")];
  const gaps = [{ from: 2, until: 4, why: "expired" }];
  const lines = [
    { id: 1, after: 1, kind: "tell", text: "between" },
    { id: 2, after: 5, kind: "tell", text: "at the end" },
  ] as const;
  assertEquals(keys(rows({ entries, gaps }, { lines })).slice(2), [
    "entry 1",
    "local 1",
    "gap 2 4",
    "entry 5",
    "local 2",
  ]);
});

Deno.test("a line stands between days, also those that come again because the server's clock was set back", () => {
  const day = 24 * 60;
  const entries = [said(1, "bob"), said(2, "bob", day), said(3, "bob"), said(4, "bob", day)];
  assertEquals(keys(rows({ entries })), [
    "top",
    ...entries.flatMap(({ seq }) => [`day ${seq}`, `entry ${seq}`]),
  ]);
});

Deno.test("[I06] times that pass as such and are none have no day, and break nothing", () => {
  const broken = { ...said(2, "bob"), at: "2026-01-01T00:00:00 +05:00" }; // no browser reads the blank
  const all = rows({ entries: [said(1, "bob"), broken, said(3, "bob")] });
  assertEquals(all.flatMap((row) => row.kind === "day" ? [row.at.getTime()] : []), [NOON, NOON]);
  assertEquals(keys(all), ["top", "day 1", "entry 1", "entry 2", "day 3", "entry 3"]);
});

Deno.test("a gap that is told twice is shown once", () => {
  const gap = { from: 2, until: 3, why: "expired" };
  const all = rows({ entries: [said(1, "bob"), said(4, "bob")], gaps: [gap, gap] });
  assertEquals(keys(all).slice(2), ["entry 1", "gap 2 3", "entry 4"]);
});

Deno.test("whatever comes, above or below, a row keeps its key, and no key is there twice", () => {
  const entries = Array.from({ length: 40 }, (_, at) => said(at + 1, at % 3 ? "bob" : "carol", at * 240));
  const meaning = (of: readonly Row[]) =>
    new Map(of.map((row) => [row.key, row.kind === "entry" ? row.entry.seq : row.kind]));
  const all = rows({ entries });
  const known = meaning(all);
  assertEquals(known.size, all.length);
  for (let from = 0; from < 30; from += 5) {
    for (let until = from + 1; until <= 40; until += 6) {
      const some = rows({ entries: entries.slice(from, until), more: from > 0 });
      for (const [key, what] of meaning(some)) assertEquals(known.get(key), what, key);
    }
  }
});
