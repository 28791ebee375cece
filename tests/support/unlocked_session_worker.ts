/// <reference lib="deno.worker" />
import type { Reply, ToSession } from "../../server/link.ts";
import { Session } from "../../server/session.ts";

/**
 * A session Worker without the lockdown: what it may do is decided by its permissions alone. A client's message with a
 * number does the act of that number and tells the outcome.
 */
export const ACTS: readonly (readonly [name: string, act: () => unknown])[] = [
  ["read a file", () => Deno.readTextFileSync("/etc/hostname")],
  ["read its own source", () => Deno.readTextFileSync(new URL(import.meta.url))],
  ["write a file", () => Deno.writeTextFileSync("/tmp/chat-probe", "x")],
  ["make a temporary file", () => Deno.makeTempFileSync()],
  ["list a folder", () => [...Deno.readDirSync("/")]],
  ["remove a file", () => Deno.removeSync("/tmp/chat-probe")],
  ["listen", () => Deno.listen({ port: 0 })],
  ["connect", () => Deno.connect({ port: 8080 })],
  ["fetch", () => fetch("http://127.0.0.1:8080/")],
  ["start a process", () => new Deno.Command("true").outputSync()],
  ["read the environment", () => Deno.env.toObject()],
  ["change the environment", () => Deno.env.set("CHAT_PROBE", "x")],
  ["name the machine", () => Deno.hostname()],
  ["look at the system's memory", () => Deno.systemMemoryInfo()],
  ["load native code", () => Deno.dlopen("libc.so.6", {})],
  ["ask for permission", async () => {
    const { state } = await Deno.permissions.request({ name: "read" });
    if (state !== "granted") throw new Error(state);
  }],
];

if (typeof WorkerGlobalScope !== "undefined") {
  const sessions = new Map<number, Session>();
  self.onmessage = ({ data }: MessageEvent<readonly ToSession[]>) => void answer(sessions, data);
  self.postMessage("ready");
}

async function answer(sessions: Map<number, Session>, messages: readonly ToSession[]): Promise<void> {
  for (const message of messages) {
    const { channel } = message;
    if (message.type === "open") sessions.set(channel, new Session(message));
    if (message.type !== "chunk") continue;
    const { verdicts, ...rest } = sessions.get(channel)!.read(message.chunk);
    const told: Reply["verdicts"][number][] = [];
    for (const verdict of verdicts) {
      told.push(
        verdict.type === "message" ? { ...verdict, text: await tried(Number(verdict.text)) } : verdict,
      );
    }
    self.postMessage([{ channel, verdicts: told, ...rest }]);
  }
}

async function tried(act: number): Promise<string> {
  try {
    await ACTS[act]![1]();
    return "it succeeded";
  } catch (error) {
    return `refused: ${error}`;
  }
}
