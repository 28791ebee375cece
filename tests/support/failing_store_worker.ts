/// <reference lib="deno.worker" />
// A store Worker that opens and then does what its folder's name says instead of what it is asked.
import type { FromStore, ToStore } from "../../server/store/store_link.ts";

function say(message: FromStore): void {
  self.postMessage(message);
}

let role = "";

self.onmessage = ({ data }: MessageEvent<ToStore>) => {
  if (data.type === "open") {
    role = data.role;
    if (data.folder.endsWith("never opens")) throw new Error("no such luck");
    return say({ type: "opened", incarnation: "x".repeat(16) });
  }
  if (data.type === "close") return say({ type: "closed" });
  if (data.jobs.some(({ call }) => call === "append" || role === "reader")) throw new Error("out of luck");
  say({ type: "answers", answers: [] });
};
