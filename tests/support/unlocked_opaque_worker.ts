/// <reference lib="deno.worker" />

/** An OPAQUE Worker without the lockdown: a request with a number does the act of that number and tells the outcome. */
const post: (message: unknown) => void = self.postMessage.bind(self);
self.postMessage = () => {}; // the acts come from a Worker that says when it is ready
const acts = import("./unlocked_session_worker.ts").then(({ ACTS }) => {
  self.onmessage = answer;
  return ACTS;
});
self.onmessage = answer;

async function answer({ data }: MessageEvent<{ readonly type: string; readonly request: string }>) {
  const all = await acts;
  if (data.type === "open") return post({ type: "opened", made: "AAAA" });
  try {
    await all[Number(data.request)]![1]();
    post({ type: "login", text: "succeeded" });
  } catch (error) {
    post({ type: "login", text: `refused-${/NotCapable|denied|Requires \w+ access/.test(`${error}`)}` });
  }
}
