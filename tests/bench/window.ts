// What the window costs with 10,000 messages in a room: run by `deno task bench:window`, prints a table.
import { openServer } from "../support/chat_pane.ts";
import { theBrowser } from "../support/chromium.ts";
import { ChatWindow } from "../support/window.ts";
import { signedIn, type Watched } from "../support/watched.ts";

const MESSAGES = 10_000;
const KEYS = 200;
const SCROLL_MS = 3_000;

/** From the key to the frame after the one that it asked for, for each key. */
const TIMED = `{
  window.latencies = [];
  addEventListener("keydown", ({ timeStamp }) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => latencies.push(performance.now() - timeStamp);
    port2.postMessage(0);
  }), true);
}`;
/** Scrolls by so much in each frame, up and down; how long each frame took. */
const SCROLL = `new Promise((done) => {
  const log = document.querySelector("[role=log]"), frames = [];
  const began = performance.now();
  let last = began, by = -150;
  requestAnimationFrame(function step(now) {
    frames.push(now - last);
    last = now;
    if (log.scrollTop < 500) by = 150;
    if (log.scrollTop + log.clientHeight > log.scrollHeight - 500) by = -150;
    log.scrollTop += by;
    if (now - began < ${SCROLL_MS}) requestAnimationFrame(step);
    else done(frames.slice(1));
  });
})`;

async function fill(bob: Watched, from: number, until: number): Promise<void> {
  for (let at = from; at <= until; at++) {
    bob.client.say("#lobby", `number ${at}: ${"and so on ".repeat(at % 12)}`);
  }
  await bob.until(() => bob.seen.some((event) => event.kind === "entry" && event.entry.seq >= until));
}

/** Bytes of live JavaScript objects. */
async function heap(window: ChatWindow): Promise<number> {
  const session = await window.context.newCDPSession(window.page);
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage") as { usedSize: number };
  await session.detach();
  return usedSize;
}

async function readAll(window: ChatWindow): Promise<void> {
  for (let at = 0; at < MESSAGES; at++) {
    if (await window.page.getByText("Beginning of #lobby").isVisible()) return;
    await window.page.evaluate(`new Promise((done) => {
      document.querySelector("[role=log]").scrollTop = 0;
      requestAnimationFrame(() => requestAnimationFrame(done));
    })`);
  }
  throw new Error("The beginning is never reached");
}

async function type(window: ChatWindow): Promise<readonly number[]> {
  await window.page.evaluate("void (latencies.length = 0)");
  await window.composer("#lobby").focus();
  for (let at = 0; at < KEYS; at++) await window.page.keyboard.press("abcdefgh ijklmn"[at % 15]!);
  await window.page.waitForFunction(`latencies.length >= ${KEYS}`);
  await window.composer("#lobby").fill("");
  return await window.page.evaluate<number[]>("latencies");
}

function quantile(values: readonly number[], part: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) * part)]!;
}

const rows: [what: string, value: string][] = [];
const ms = (value: number) => `${value.toFixed(1)} ms`;
const mb = (value: number) => `${(value / 1e6).toFixed(1)} MB`;
{
  await using server = await openServer();
  await using bob = await signedIn(server.port, "bob");
  await fill(bob, 1, MESSAGES);
  await using alice = await ChatWindow.online(server.port, "alice", { script: TIMED });
  await alice.message(`number ${MESSAGES}:`).waitFor();
  rows.push(["heap when the window is open", mb(await heap(alice))]);
  const began = performance.now();
  await readAll(alice);
  rows.push([
    `read back to the first of ${MESSAGES} messages`,
    `${((performance.now() - began) / 1e3).toFixed(1)} s`,
  ]);
  rows.push(["heap when all are read", mb(await heap(alice))]);
  const idle = await type(alice);
  rows.push(["key to frame, p50", ms(quantile(idle, 0.5))], ["key to frame, p95", ms(quantile(idle, 0.95))]);
  const frames = await alice.page.evaluate<number[]>(SCROLL);
  const perSecond = 1e3 * frames.length / frames.reduce((sum, each) => sum + each, 0);
  rows.push(["scrolling", `${perSecond.toFixed(1)} frames/s`], ["longest frame", ms(Math.max(...frames))]);
  await alice.composer("#lobby").press("Escape");
  const filling = fill(bob, MESSAGES + 1, 2 * MESSAGES);
  const busy = await type(alice);
  await filling;
  await alice.message(`number ${2 * MESSAGES}:`).waitFor({ timeout: 60_000 });
  rows.push(["key to frame while messages pour in, p95", ms(quantile(busy, 0.95))]);
  rows.push([`heap after ${MESSAGES} more`, mb(await heap(alice))]);
  rows.push([
    "elements in the page",
    String(await alice.page.evaluate(`document.querySelectorAll("*").length`)),
  ]);
}
await (await theBrowser()).close();
const table = rows.map(([what, value]) => `${what.padEnd(48)} ${value.padStart(14)}\n`).join("");
await Deno.stdout.write(new TextEncoder().encode(table));
