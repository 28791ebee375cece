/// <reference lib="deno.worker" />
import "./session_lockdown.ts";
import type { Reply, ToSession } from "./link.ts";
import { Session } from "./session.ts";

const post: (replies: readonly Reply[] | "ready") => void = self.postMessage.bind(self);
const sessions = new Map<number, Session>();

self.onmessage = ({ data }: MessageEvent<readonly ToSession[]>) => {
  const replies: Reply[] = [];
  for (const message of data) {
    const reply = handle(message);
    if (reply) replies.push(reply);
  }
  if (data.some(({ type }) => type === "chunk")) post(replies); // it waits for an answer, even to what is closed by now
};

function handle(message: ToSession): Reply | undefined {
  const { type, channel } = message;
  switch (type) {
    case "open":
      sessions.set(channel, new Session(message));
      return undefined;
    case "chunk": {
      const session = sessions.get(channel);
      return session && { channel, ...session.read(message.chunk) };
    }
    case "close":
      sessions.delete(channel);
      return undefined;
    default:
      return message satisfies never;
  }
}

post("ready");
