import { sanitise } from "../../sanitise.ts";
import { chat } from "./store.ts";

/** The chat is over. */
export function Ended() {
  return (
    <main class="closed">
      <h1>The chat has ended</h1>
      <p>{sanitise(chat.value.trouble ?? "", { lines: "escape" })}</p>
      <p>Start it again in the terminal, and a new window opens.</p>
    </main>
  );
}

/** This window was never let in, or by a program that is gone. */
export function Stranger() {
  return (
    <main class="closed">
      <h1>This window is not connected</h1>
      <p>
        The address opens a window only once. Press Enter in the terminal where <code>chat connect</code>{" "}
        runs: it opens another one.
      </p>
    </main>
  );
}
