/**
 * A client that kills itself: `mortal_client.ts PORT FOLDER LOG RUN MOMENT COUNT`. It says RUN-1, RUN-2 … without a
 * pause, writes down what it is told, and dies by SIGKILL when MOMENT comes for the COUNTth time; or, where MOMENT is
 * `never`, says nothing and ends when everything has its outcome and it has shown COUNT entries.
 */
import { ChatClient } from "../../client/chat_client.ts";
import { FileMemory } from "../../client/memory/file_memory.ts";
import { tcp, type Transport } from "../../client/transport.ts";

/** Lines said in a run: more than it lives for. */
const LINES = 200;
const RETRY_MS = 20;

const [port = "", folder = "", path = "", run = "", moment = "", count = ""] = Deno.args;
const encoder = new TextEncoder();
const log = Deno.openSync(path, { append: true, create: true });
let left = Number(count);

function note(line: string): void {
  log.writeSync(encoder.encode(`${line}\n`));
}

function at(now: string): void {
  if (now === moment && --left === 0) Deno.kill(Deno.pid, "SIGKILL");
}

async function dial(): Promise<Transport> {
  const transport = await tcp("127.0.0.1", Number(port));
  return {
    incoming: transport.incoming,
    async send(bytes) {
      await transport.send(bytes);
      at("sent");
    },
    [Symbol.dispose]: () => transport[Symbol.dispose](),
  };
}

const memory = await FileMemory.open({ folder, name: "mortal" });
const client = new ChatClient({
  dial,
  name: "mortal",
  version: "test",
  memory,
  backoff: { minMs: 5, maxMs: 20 },
});
client.start();
let shown = 0;
for await (const event of client.events) {
  if (event.kind === "nameRefused") {
    setTimeout(() => client.rename("mortal"), RETRY_MS); // until the name of the one killed before is free
  } else if (event.kind === "online" && moment !== "never") {
    for (let n = 1; n <= LINES; n++) client.say("#lobby", `${run}-${n}`);
  } else if (event.kind === "queued") {
    note(`queued ${event.draft.text}`);
    at("queued");
  } else if (event.kind === "entry") {
    at("received");
    note(`show ${event.entry.seq} ${event.entry.text}`);
    at("displayed");
    client.shown(event.to, event.entry.seq);
    note(`marked ${event.entry.seq}`);
    at("marked");
    shown++;
  } else if (event.kind === "gap") note(`gap ${event.from} ${event.until}`);
  if (moment === "never" && event.kind !== "ended" && shown >= left && client.pending.length === 0) break;
}
await client.settled();
await client.bye();
