/**
 * A client that soon finds out that a link is dead: `impatient_client.ts connect HOST:PORT --name NAME …`. It says the lines
 * of its input, and prints what it is shown and whether it is online, a JSON object a line.
 */
import { TextLineStream } from "@std/streams/text-line-stream";
import { readAddress } from "../../client/address.ts";
import { ChatClient } from "../../client/chat_client.ts";
import { KnownServer } from "../../client/trust/known_server.ts";
import { SecureDial } from "../../client/trust/secure_dial.ts";

const [, address = "", , name = ""] = Deno.args;
const dial = new SecureDial({
  ...readAddress(address),
  fingerprint: undefined,
  plain: false,
  accept: false,
  server: await KnownServer.open(undefined),
});
const client = new ChatClient({
  dial: (tell) => dial.dial(tell),
  name,
  version: "test",
  backoff: { minMs: 20, maxMs: 200 },
  pulse: { quietMs: 300, patienceMs: 2_000 },
});
client.start();

function print(told: object): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${JSON.stringify(told)}\n`));
}

const saying = (async () => {
  const lines = Deno.stdin.readable.pipeThrough(new TextDecoderStream()).pipeThrough(new TextLineStream());
  for await (const line of lines) client.say("#lobby", line);
  await client.bye();
})();
for await (const event of client.events) {
  if (event.kind === "entry") print({ type: "message", from: event.entry.from, text: event.entry.text });
  if (event.kind === "online" || event.kind === "offline" || event.kind === "gap") {
    print({ type: event.kind });
  }
}
await saying;
