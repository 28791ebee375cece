import { randomFrom } from "../random.ts";
import { Chatter } from "./chatter.ts";
import { ClientLog } from "./client_log.ts";
import { lines } from "./lines.ts";
import type { Report, Sitting } from "./sitting.ts";
import { Talker } from "./talker.ts";

// A process of clients: what is asked of it comes as words on standard input, what happens goes to standard output.

const encoder = new TextEncoder();
const { parts, port, cutPort, folder, seed }: Sitting = JSON.parse(Deno.args[0]!);

function report(what: Report): void {
  Deno.stdout.writeSync(encoder.encode(`${JSON.stringify(what)}\n`));
}

const seats = await Promise.all(parts.map(async (part, index) => {
  const log = new ClientLog(`${folder}/${part.client}.log`, part.client);
  const talker = await Talker.start(part, {
    port: part.cut ? cutPort : port,
    folder: `${folder}/${part.client}`,
    log,
    report: (what, detail) => report({ client: part.client, what, detail }),
  });
  return { part, log, talker, chatter: new Chatter(talker, part, randomFrom(seed + index)) };
}));

async function obey(word: string): Promise<void> {
  for (const { chatter } of seats) if (word === "talk") chatter.talk();
  if (word === "hush") await Promise.all(seats.map(({ chatter }) => chatter.hush()));
  if (word === "quiet") {
    await Promise.all(seats.map(({ chatter }) => chatter.caughtUp()));
    for (const { log } of seats) log.note({ kind: "quiet" });
  }
  if (word === "end") await Promise.all(seats.map(({ talker }) => talker[Symbol.asyncDispose]()));
  report({ client: parts[0]!.client, what: "done", detail: word });
  if (word === "end") Deno.exit(0);
}

for await (const word of lines(Deno.stdin.readable)) await obey(word);
