/// <reference lib="deno.worker" />
import "../../server/accounts/opaque_worker.ts"; // the real one, with its lockdown
import { PROBES } from "./lockdown_probes.ts";

/** An OPAQUE Worker that strangers have got the better of: certain words are obeyed instead of being read. */
const scope = self as unknown as { onmessage: (event: MessageEvent) => void };
const read = scope.onmessage;
const post: (message: unknown) => void = self.postMessage.bind(self);

scope.onmessage = (event: MessageEvent<{ readonly type: string; readonly request?: string }>) => {
  const [word, number] = event.data.request?.split("_") ?? [];
  switch (word) {
    case "throw":
      throw new Error("canary: OPAQUE threw");
    case "reject":
      Promise.reject(new Error("canary: OPAQUE rejected"));
      return;
    case "silent":
      return;
    case "twice":
      for (let n = 0; n < 2; n++) post({ type: "login", text: "AAAA" });
      return;
    case "other":
      return post({ type: "proof", outcome: "right" });
    case "nonsense":
      return post({ type: "login", text: { toString: () => "AAAA" }.toString() + "\n" });
    case "probe":
      return void PROBES[Number(number)]![1]().then(() => "succeeded", () => "refused")
        .then((text) => post({ type: "login", text }));
    default:
      read(event);
  }
};
