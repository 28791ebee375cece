import { batch } from "@preact/signals";
import type { News } from "../news.ts";
import type { Answer, Told } from "../told.ts";
import type { Asked, Wish } from "../wish.ts";
import { hear, link } from "./store.ts";

const TOKEN = "token";
/** How long to wait before the next attempt to reach the program, at the least and at the most. */
const MIN_MS = 250;
const MAX_MS = 5_000;
/** How long news wait where there are no frames. */
const HIDDEN_MS = 50;

interface Waiting {
  readonly resolve: (value: never) => void;
  readonly reject: (problem: { readonly code: string; readonly message: string }) => void;
}

const waiting = new Map<number, Waiting>();
let socket: WebSocket | undefined;
let asked = 0;
/** What was told and is not drawn yet. */
const news: News[] = [];
let gathering: ReturnType<typeof setTimeout> | undefined;
let pause = MIN_MS;

/** What lets this window in. */
export function token(): string | null {
  return localStorage.getItem(TOKEN);
}

/** Asks the program behind the window for something; rejects with a `code` and a `message`. */
export function ask<K extends Wish["kind"]>(wish: Wish & { readonly kind: K }): Promise<Answer<K>> {
  return new Promise((resolve, reject) => {
    if (socket?.readyState !== WebSocket.OPEN) {
      return reject({ code: "not_connected", message: "The program behind this window cannot be reached" });
    }
    const id = ++asked;
    waiting.set(id, { resolve, reject });
    socket.send(JSON.stringify({ id, wish } satisfies Asked));
  });
}

/** Lets this window in, with the secret of its address or the token of an earlier one, and keeps it connected. */
export async function enter(): Promise<void> {
  const secret = location.hash.slice(1);
  history.replaceState(null, "", location.pathname);
  if (secret !== "") await exchange(secret);
  const known = token();
  if (known === null) link.value = "stranger";
  else connect(known);
}

async function exchange(secret: string): Promise<void> {
  const answer = await fetch("/session", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ secret }),
  });
  if (!answer.ok) return; // spent: the token that it was spent for may be here
  const { token } = await answer.json() as { token: string };
  localStorage.setItem(TOKEN, token);
}

function connect(token: string): void {
  const opening = new WebSocket(`ws://${location.host}/events`, ["chat", token]);
  let opened = false;
  opening.onopen = () => {
    opened = true;
    pause = MIN_MS;
  };
  opening.onmessage = ({ data }) => batch(() => told(JSON.parse(data) as Told));
  opening.onclose = () => void closed(token, opened);
  socket = opening;
}

function told(what: Told): void {
  if (what.kind === "news") return gather(what.news);
  flush(); // what was told before an answer is known before it
  if (what.kind === "state") return hear(what);
  const asking = waiting.get(what.id);
  waiting.delete(what.id);
  if (what.kind === "answer") asking?.resolve(what.value as never);
  else asking?.reject(what);
}

/** However much comes, it is drawn once a frame; where nothing is drawn, a clock takes the frame's place. */
function gather(more: readonly News[]): void {
  news.push(...more);
  if (gathering !== undefined) return;
  gathering = setTimeout(flush, HIDDEN_MS);
  requestAnimationFrame(flush);
}

function flush(): void {
  clearTimeout(gathering);
  gathering = undefined;
  if (news.length > 0) hear({ kind: "news", news: news.splice(0) });
}

async function closed(token: string, opened: boolean): Promise<void> {
  flush();
  const lost = [...waiting.values()];
  waiting.clear();
  const message = "The program behind this window has gone: what was asked last may not have been done";
  for (const { reject } of lost) reject({ code: "not_connected", message });
  if (link.value === "ended") return;
  const there = opened || await reachable();
  link.value = opened || !there ? "lost" : "stranger"; // it answers, and does not let this window in
  if (link.value === "stranger") return;
  setTimeout(() => connect(token), pause);
  pause = Math.min(pause * 2, MAX_MS);
}

async function reachable(): Promise<boolean> {
  try {
    return (await fetch("/icon.svg")).ok;
  } catch {
    return false;
  }
}
