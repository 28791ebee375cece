// What the window costs with 10,000 messages in a room: run by `deno task bench:window`, prints a table.
import type { CDPSession } from "playwright-core";
import { theBrowser } from "../support/chromium.ts";
import { openHouse } from "../support/house.ts";
import { ChatWindow } from "../support/window.ts";
import { signedIn, type Watched } from "../support/watched.ts";

const MESSAGES = 10_000;
const KEYS = 200;
const SCROLL_MS = 3_000;
/** Between messages while keys are pressed. */
const TALK_MS = 100;

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

/** Seconds in which the page was at work since the session began to count them. */
async function work(session: CDPSession): Promise<number> {
  const { metrics } = await session.send("Performance.getMetrics");
  return metrics.find(({ name }) => name === "TaskDuration")!.value;
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
const seconds = (since: number) => `${((performance.now() - since) / 1e3).toFixed(1)} s`;
const mb = (value: number) => `${(value / 1e6).toFixed(1)} MB`;
{
  await using server = await openHouse();
  await using bob = await signedIn(server.port, "bob");
  await fill(bob, 1, MESSAGES);
  await using alice = await ChatWindow.online(server.port, "alice", { script: TIMED });
  await alice.message(`number ${MESSAGES}:`).waitFor();
  rows.push(["heap when the window is open", mb(await heap(alice))]);
  const began = performance.now();
  await readAll(alice);
  rows.push([
    `read back to the first of ${MESSAGES} messages`,
    seconds(began),
  ]);
  rows.push(["heap when all are read", mb(await heap(alice))]);
  const idle = await type(alice);
  rows.push(["key to frame, p50", ms(quantile(idle, 0.5))], ["key to frame, p95", ms(quantile(idle, 0.95))]);
  const frames = await alice.page.evaluate<number[]>(SCROLL);
  const perSecond = 1e3 * frames.length / frames.reduce((sum, each) => sum + each, 0);
  rows.push(["scrolling", `${perSecond.toFixed(1)} frames/s`], ["longest frame", ms(Math.max(...frames))]);
  await alice.composer("#lobby").press("Escape");
  const talking = setInterval(() => bob.client.say("#lobby", "in the meantime"), TALK_MS);
  const session = await alice.context.newCDPSession(alice.page);
  await session.send("Performance.enable");
  const worked = await work(session);
  const said = bob.seen.length;
  const busy = await type(alice);
  clearInterval(talking);
  await bob.until(() => bob.seen.length > said);
  const each = (await work(session) - worked) / (bob.seen.length - said + KEYS);
  rows.push(["work of the page for a message or a key", ms(1e3 * each)]);
  rows.push([`the same with ${1e3 / TALK_MS} messages a second, p95`, ms(quantile(busy, 0.95))]);
  const flooded = performance.now();
  await fill(bob, MESSAGES + 1, 2 * MESSAGES);
  bob.client.say("#lobby", "that was all");
  await alice.message("that was all").waitFor({ timeout: 120_000 });
  rows.push([`${MESSAGES} more at once, until drawn`, seconds(flooded)]);
  rows.push([`heap after ${MESSAGES} more`, mb(await heap(alice))]);
  rows.push([
    "elements in the page",
    String(await alice.page.evaluate(`document.querySelectorAll("*").length`)),
  ]);
}
await (await theBrowser()).close();
const table = rows.map(([what, value]) => `${what.padEnd(48)} ${value.padStart(14)}\n`).join("");
await Deno.stdout.write(new TextEncoder().encode(table));
