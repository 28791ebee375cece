import { readName } from "../../protocol/names.ts";
import { normalised } from "../../protocol/normalise.ts";
import type { ChatClient } from "../chat_client.ts";
import type { Transfers } from "../files/transfers.ts";
import { Refused } from "../refused.ts";
import { readSearch } from "../search_query.ts";
import type { Board } from "./board.ts";
import type { Levels } from "./levels.ts";
import type { Pages } from "./pages.ts";
import type { Answer } from "./told.ts";
import type { Wish } from "./wish.ts";

/** What wishes are granted with. */
export interface Means {
  readonly client: ChatClient;
  readonly board: Board;
  readonly pages: Pages;
  readonly levels: Levels;
}

/** Does what a window wishes of a client, and resolves with the answer; rejects with `Refused`. */
export async function grant(
  wish: Exclude<Wish, { kind: "name" | "quit" }>,
  { client, board, pages, levels }: Means,
): Promise<Answer<Wish["kind"]>> {
  const known = "to" in wish && board.state.conversations[wish.to] !== undefined;
  switch (wish.kind) {
    case "say":
      client.say(spelled(wish.to), wish.text, wish.plain ? { plain: true } : {});
      return null;
    case "verify":
      return await verified(normalised(wish.user), wish.step, client);
    case "join":
      await client.join(roomOf(wish.room));
      return null;
    case "leave":
      await client.leave(roomOf(wish.room));
      return null;
    case "open":
      return await open(opened(wish.to, board), { client, pages });
    case "users":
      return await client.users(wish.room === undefined ? undefined : roomOf(wish.room));
    case "rooms":
      return await client.roomList();
    case "history":
      await pages.load(wish.to, wish.before);
      return null;
    case "search":
      return await found(wish.query, client);
    case "read":
      if (!known) return null;
      client.read(wish.to, wish.seq);
      board.tell({ kind: "read", to: wish.to, seq: wish.seq });
      return null;
    case "shown":
      for (const [to, seq] of wish.marks) client.shown(to, seq);
      return null;
    case "draft":
      if (known) board.tell(wish);
      return null;
    case "level":
      if (!known) return null;
      levels.set(wish.to, wish.level);
      board.tell(wish);
      return null;
    case "discard":
      board.tell({ kind: "discarded", id: wish.id });
      return null;
    case "signIn":
      if (board.state.question?.kind !== "password") throw notAsked();
      client.signIn(wish.password);
      return null;
    case "register": {
      const role = await client.register(wish.password, { claim: wish.claim });
      board.tell({ kind: "account", role });
      return role;
    }
    case "passwd":
      await client.changePassword(wish.old, wish.password);
      return null;
    case "unregister":
      await client.unregister(wish.password);
      return null;
    case "devices":
      return await client.devices();
    case "revoke":
      await client.revoke(wish.device);
      return null;
    case "send":
      await filesOf(client).send(spelled(wish.to), wish.path);
      return null;
    case "accept":
      await filesOf(client).accept(wish.transfer, wish.path);
      return null;
    case "cancel":
      await filesOf(client).cancel(wish.transfer);
      return null;
    default:
      return wish satisfies never;
  }
}

function filesOf({ files }: ChatClient): Transfers {
  if (files) return files;
  throw new Refused("file", "This program sends no files");
}

/** An answer to a question that is not asked, or was answered in another window. */
export function notAsked(): Refused {
  return new Refused("not_asked", "This was not asked for, or another window has answered already");
}

/** A conversation as everybody writes it. */
function spelled(to: string): string {
  return `${to[0]}${normalised(to.slice(1))}`;
}

function roomOf(typed: string): string {
  return normalised(typed.replace(/^#/, ""));
}

function opened(to: string, board: Board): string {
  if (board.state.conversations[to] !== undefined) return to;
  const { name, problem } = readName(to.slice(1));
  if (!to.startsWith("@")) throw new Refused("not_in_room", `You are not in ${to}: join it`);
  if (problem !== undefined) throw new Refused(problem.code, problem.message);
  const person = `@${name}`;
  board.tell({ kind: "opened", to: person });
  return person;
}

/** Shows a conversation; with somebody, it is found out who can read it. */
async function open(to: string, { client, pages }: Pick<Means, "client" | "pages">): Promise<null> {
  if (to.startsWith("@")) void client.keys?.look(to.slice(1)).catch(() => {}); // then nobody knows more than before
  await pages.open(to);
  return null;
}

async function verified(
  name: string,
  step: "show" | "same" | "accept",
  { keys }: ChatClient,
): Promise<Answer<"verify">> {
  if (keys === undefined) throw new Refused("keys", "Only accounts have keys: the settings make one");
  if (step === "accept") await keys.accept(name);
  if (step === "same") await keys.confirm(name);
  const { words, emoji } = await keys.words(name);
  return { name, words, emoji, privacy: keys.privacy(name) };
}

async function found(typed: string, client: ChatClient): Promise<Answer<"search">> {
  const searched = readSearch(typed, { now: new Date(), me: client.name });
  if (searched.kind === "problem") throw new Refused("query", searched.message);
  const { entries, more } = await client.search(searched.query);
  return { entries, more, words: searched.words };
}
