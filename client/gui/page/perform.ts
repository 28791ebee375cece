import type { Call } from "../../commands.ts";
import { conversationTyped } from "../../conversation.ts";
import { helpText } from "../../help_text.ts";
import { transferLine } from "../../transfer_text.ts";
import { whoIsHere } from "../../who_is_here.ts";
import { normalised } from "../../../protocol/normalise.ts";
import { ask } from "./link.ts";
import { chat, clearLocal, complain, openSettings, searchFor, select, tell, words } from "./store.ts";
import { lastWhisperer } from "./whisperer.ts";

/** Does what a slash command typed in the conversation `to` asks; what comes of it is told there. */
export function perform(call: Call, to: string): void {
  act(call, to).catch((error: { readonly message: string }) => complain(to, error.message));
}

async function act(call: Call, to: string): Promise<void> {
  switch (call.name) {
    case "whisper":
      return await whisper(call.to, call.text, call.plain);
    case "verify":
      return await verify(call.user, call.step);
    case "reply": {
      const peer = lastWhisperer(chat.value);
      if (peer === undefined) return complain(to, "Nobody has whispered to you yet");
      return await whisper(peer, call.text);
    }
    case "me":
      return void await ask({ kind: "say", to, text: `/me ${call.text}` });
    case "query":
      return call.user === undefined ? select(firstRoom() ?? to) : await open(call.user);
    case "join":
      await ask({ kind: "join", room: call.room });
      return select(`#${normalised(call.room)}`);
    case "leave":
      return await leave(call.room, to);
    case "list":
      return await list(call.room, to);
    case "rooms":
      return await rooms(to);
    case "history":
      return void await ask({ kind: "history", to, ...earliest(to) });
    case "search":
      return searchFor(call.query);
    case "register":
    case "passwd":
    case "unregister":
      return openSettings();
    case "devices":
      if (call.revoke === undefined) return openSettings();
      await ask({ kind: "revoke", device: call.revoke });
      return tell(to, `device ${call.revoke} is signed out, and needs the password to come back`);
    case "send":
      return void await ask({ kind: "send", to: conversationTyped(call.to), path: call.path });
    case "accept": {
      const { transfer, path } = call;
      return void await ask({ kind: "accept", ...transfer && { transfer }, ...path && { path } });
    }
    case "cancel":
      return void await ask({ kind: "cancel", ...call.transfer && { transfer: call.transfer } });
    case "transfers": {
      const { transfers } = chat.value;
      if (transfers.length === 0) {
        tell(to, "no files were sent or offered yet: drop one here, or /send NAME FILE");
      }
      for (const transfer of transfers) tell(to, transferLine(transfer));
      return;
    }
    case "help":
      return help(call.command, to);
    case "clear":
      return clearLocal(to);
    case "quit":
      return void await ask({ kind: "quit" });
    default:
      return call satisfies never;
  }
}

async function whisper(name: string, text: string, plain = false): Promise<void> {
  const to = `@${normalised(name)}`;
  await ask({ kind: "say", to, text, ...plain ? { plain } : {} });
  select(to);
}

/** Opens the conversation, with the words to compare in it. */
async function verify(user: string, step: "show" | "same" | "accept"): Promise<void> {
  await open(user);
  words.value = await ask({ kind: "verify", user, step });
}

async function open(name: string): Promise<void> {
  const to = `@${normalised(name)}`;
  await ask({ kind: "open", to });
  select(to);
}

async function leave(room: string | undefined, to: string): Promise<void> {
  const left = room === undefined ? to : `#${normalised(room)}`;
  if (left.startsWith("@")) {
    return complain(to, "This is a conversation with one person: /leave ROOM leaves a room");
  }
  await ask({ kind: "leave", room: left.slice(1) });
}

async function list(room: string | undefined, to: string): Promise<void> {
  const asked = room ?? (to.startsWith("#") ? to.slice(1) : undefined);
  const users = await ask({ kind: "users", ...asked === undefined ? {} : { room: asked } });
  tell(to, whoIsHere(asked === undefined ? "on this server" : `#${normalised(asked)}`, users));
}

async function rooms(to: string): Promise<void> {
  const all = await ask({ kind: "rooms" });
  if (all.length === 0) tell(to, "there is no room yet: /join makes one");
  for (const { room, users } of all) {
    const mine = chat.value.conversations[`#${room}`]?.member ? ", you among them" : "";
    tell(to, `#${room}: ${users} ${users === 1 ? "person" : "people"}${mine}`);
  }
}

function help(command: string | undefined, to: string): void {
  const text = helpText(command);
  if ("problem" in text) return complain(to, text.problem);
  for (const line of text.lines) tell(to, line);
  if (command === undefined) tell(to, "//text sends a text that begins with a slash");
}

function firstRoom(): string | undefined {
  return Object.values(chat.value.conversations).find(({ to, member }) => to.startsWith("#") && member)?.to;
}

function earliest(to: string): { readonly before?: number } {
  const first = chat.value.conversations[to]?.entries[0]?.seq;
  return first === undefined ? {} : { before: first };
}
