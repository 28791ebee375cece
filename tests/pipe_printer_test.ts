import { assertEquals } from "@std/assert";
import type { ClientEvent } from "../client/chat_client.ts";
import { PipePrinter } from "../client/pipe_printer.ts";
import { said } from "./support/fake_server.ts";

/** A printer that has arrived in the lobby after its entry 5, with what it printed and told as shown. */
function printing(more: { follow?: boolean; search?: boolean } = {}) {
  const shown: string[] = [];
  const lines: string[] = [];
  const printer = new PipePrinter({ shown: (to, seq) => void shown.push(`${to} ${seq}`) }, {
    room: "lobby",
    json: false,
    follow: false,
    search: false,
    ...more,
    print: (text) => {
      lines.push(text.slice(21).trimEnd());
      return Promise.resolve();
    },
  });
  printer.arrived({
    kind: "online",
    name: "ci",
    rooms: [{ room: "lobby", seq: 5, users: ["ci"] }],
    first: true,
    log: "same",
    account: undefined,
    read: new Map(),
  });
  return { printer, shown, lines };
}

function entry(seq: number, { to = "#lobby", mine = false } = {}): ClientEvent {
  return { kind: "entry", to, entry: said(seq, mine ? "ci" : "bob", `text ${seq}`), mine };
}

Deno.test("PipePrinter prints what is said from now on, one's own, and whispers, and tells them as shown", async () => {
  const { printer, shown, lines } = printing();
  const events = [
    entry(4),
    entry(5, { mine: true }),
    entry(1, { to: "@bob" }),
    entry(6),
    entry(9, { to: "#ops" }),
  ];
  for (const event of events) assertEquals(await printer.event(event), true);
  assertEquals(lines, ["#lobby <ci> text 5", "@bob <bob> text 1", "#lobby <bob> text 6"]);
  assertEquals(shown, ["#lobby 5", "@bob 1", "#lobby 6"]);
});

Deno.test("PipePrinter prints what was missed where it follows, and nothing but results where it searches", async () => {
  const following = printing({ follow: true });
  await following.printer.event(entry(4));
  assertEquals(following.shown, ["#lobby 4"]);
  const searching = printing({ search: true });
  await searching.printer.event(entry(6));
  await searching.printer.line("2026-01-02T03:04:05Z a result");
  assertEquals([searching.lines, searching.shown], [["a result"], []]);
});

Deno.test("PipePrinter prints no entry once the client ends: it could not be told as shown, and would come twice", async () => {
  const { printer, shown, lines } = printing();
  printer.left();
  assertEquals(await printer.event(entry(6)), true);
  assertEquals([lines, shown], [[], []]);
});
