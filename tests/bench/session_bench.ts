import { encode } from "../../protocol/codec.ts";
import { Session } from "../../server/session.ts";

const FRAMES = 100;
const message = encode({ type: "message", room: "lobby", id: "m1", text: "x".repeat(100) });
const chunk = new Uint8Array(FRAMES * message.length);
for (let at = 0; at < chunk.length; at += message.length) chunk.set(message, at);
const hello = encode({ type: "hello", protocol: 1, name: "Ålice" });
const empty = encode({ type: "ping" });

const session = new Session({ welcomed: true });

Deno.bench({ name: "bytes of 100 messages to 100 verdicts", group: "session", baseline: true }, () => {
  const { verdicts } = session.read(chunk);
  if (verdicts.length !== FRAMES) throw new Error(`${verdicts.length} verdicts on ${FRAMES} messages`);
});
Deno.bench({ name: "one ping", group: "session" }, () => {
  session.read(empty);
});
Deno.bench({ name: "a new session and its hello, name checked", group: "session" }, () => {
  const [verdict] = new Session({ welcomed: false }).read(hello).verdicts;
  if (verdict?.type !== "claim") throw new Error("The hello was not taken");
});
