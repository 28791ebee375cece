/// <reference lib="deno.worker" />
import type { Reply, ToSession } from "../../server/link.ts";
import "../../server/session_worker.ts"; // the real one, with its lockdown
import { PROBES } from "./lockdown_probes.ts";

/**
 * A session Worker that strangers have got the better of: what a client sends behind one of these words is done by the
 * Worker instead of being read.
 */
const WORD = /!(\w+) ?([\s\S]*)/;

const scope = self as unknown as { onmessage: (event: MessageEvent) => void };
const read = scope.onmessage;
const post: (message: unknown) => void = self.postMessage.bind(self);
const decoder = new TextDecoder();

scope.onmessage = (event: MessageEvent<readonly ToSession[]>) => {
  for (const message of event.data) {
    if (message.type !== "chunk") continue;
    const [, word, rest = ""] = decoder.decode(message.chunk).match(WORD) ?? [];
    if (word === undefined) continue;
    misbehave(word, rest.slice(0, rest.lastIndexOf("!")), message.channel);
    return;
  }
  read(event);
};

function misbehave(word: string, rest: string, channel: number): void {
  switch (word) {
    case "throw":
      throw new Error("canary: a session threw");
    case "reject":
      Promise.reject(new Error("canary: a session rejected"));
      return;
    case "silent":
      return;
    case "spin":
      return spin(Number(rest));
    case "flood":
      for (let n = 0; n < Number(rest); n++) post([{ channel, verdicts: [], frames: 0, partial: false }]);
      return;
    case "twice":
      post([1, 2].map(() => ({ channel, verdicts: [], frames: 0, partial: false })));
      return;
    case "unclonable":
      return post(() => {});
    case "forge":
      return post(
        JSON.parse(
          rest.replaceAll('\\"', '"').replaceAll("CHANNEL", `${channel}`).replace("LONG", "x".repeat(20_000)),
        ),
      );
    case "claim": {
      const hello = { type: "hello", protocol: 1, name: rest } as const;
      const claim = { type: "claim", hello, raw: rest, problem: undefined, rest: new Uint8Array(0) } as const;
      return post([{ channel, verdicts: [claim], frames: 1, partial: false } satisfies Reply]);
    }
    case "probe":
      void PROBES[Number(rest)]![1]().then(() => "it succeeded", (error) => `refused: ${error}`)
        .then((outcome) => tell(channel, outcome.slice(0, 1_000)));
      return;
  }
}

/** Says something in the lobby in the name of whoever is behind `channel`. */
function tell(channel: number, text: string): void {
  const said = { type: "message", room: "lobby", id: crypto.randomUUID(), text, ref: undefined } as const;
  const reply: Reply = { channel, verdicts: [said], frames: 1, partial: false };
  post([reply]);
}

/** Burns the thread for so many milliseconds: `terminate()` would not stop a loop without an end. */
function spin(ms: number): void {
  for (const end = performance.now() + ms; performance.now() < end;);
}
