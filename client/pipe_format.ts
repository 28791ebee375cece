import type { ClientEvent } from "./client_event.ts";
import { sanitise, sanitiseName } from "./sanitise.ts";
import { transferNews } from "./transfer_text.ts";

/** Version of the JSON lines: it grows when a field changes its meaning or goes. */
const V = 1;

/** An event as one line of text, or nothing where it is no data. The form is kept: scripts read it. */
export function plainLine(event: ClientEvent): string | undefined {
  if (event.kind !== "entry") return undefined;
  const { at, from, text } = event.entry;
  const shown = sanitise(text, { lines: "keep" }).replaceAll("\n", "\\n");
  return `${at.slice(0, 19)}Z ${conversation(event.to)} <${sanitiseName(from)}> ${shown}`;
}

/** An event as one JSON object, exact to the character, or nothing where it is no data. */
export function jsonLine(event: ClientEvent): string | undefined {
  switch (event.kind) {
    case "entry": {
      const { seq, at, from, id, text, seal, unreadable, file } = event.entry;
      const said = { type: event.entry.type, to: event.to, seq, at, from, id, text, mine: event.mine };
      return json({
        ...said,
        ...seal && { seal },
        ...unreadable && { unreadable },
        ...file && { file: { name: file.name, size: file.size } },
      });
    }
    case "refused": {
      const { draft: { id, to, text }, code, message } = event;
      return json({ type: "refused", id, to, text, code, message });
    }
    case "joined":
    case "left":
      return json({ type: event.kind, room: event.room, user: event.user });
    case "receipt":
      return json({ type: "receipt", with: event.with, seq: event.seq, id: event.id, status: event.status });
    case "gap":
      return json({ type: "gap", to: event.to, from: event.from, until: event.until, why: event.why });
    case "transfer": {
      const { transfer: { number, direction, to, from, name, size, done, state, rate, path, message } } =
        event;
      const of = { number, direction, to, ...from && { from }, name, size, done, state };
      return json({
        type: "transfer",
        ...of,
        ...rate && { rate },
        ...path && { path },
        ...message && { message },
      });
    }
    case "privacy":
      return json({ type: "privacy", with: event.with, privacy: event.privacy });
    case "keys":
      return json({ type: "keys", code: event.code, with: event.with, message: event.message });
    case "online":
    case "offline":
    case "nameRefused":
    case "passwordWanted":
    case "queued":
    case "notSaved":
    case "read":
    case "notice":
    case "ended":
      return undefined;
    default:
      return event satisfies never;
  }
}

/** An event that is for the person, not for the program that reads on: a line for standard error. */
export function noticeLine(event: ClientEvent): string | undefined {
  switch (event.kind) {
    case "online":
      if (event.first) return undefined;
      return event.log === "same" ? "connected again" : "connected again; the server has lost its memory";
    case "offline":
      return `connection lost: ${safe(event.why)}; trying again in ${(event.retryMs / 1000).toFixed(1)} s`;
    case "gap":
      return `messages ${event.from} to ${event.until} of ${conversation(event.to)} cannot be had: ${
        safe(event.why)
      }`;
    case "nameRefused":
    case "keys":
    case "notice":
      return `${safe(event.message)} (${safe(event.code)})`;
    case "notSaved":
      return safe(event.message);
    case "ended":
      return event.why === "bye"
        ? undefined
        : safe(event.message) + (event.code ? ` (${safe(event.code)})` : "");
    case "transfer":
      return transferNews(event.transfer);
    case "entry":
    case "refused":
    case "joined":
    case "left":
    case "receipt":
    case "read":
    case "queued":
    case "privacy":
    case "passwordWanted": // whoever answers it tells
      return undefined;
    default:
      return event satisfies never;
  }
}

/** What a server said, fit for one line of a terminal. */
export function safe(text: string): string {
  return sanitise(text, { lines: "escape" });
}

function conversation(to: string): string {
  return to.slice(0, 1) + sanitiseName(to.slice(1));
}

/** JSON that is the same data, but harmless on a terminal: whatever directs or hides is written as an escape. */
function json(value: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ v: V, ...value }).replace(
    /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{DI}]/gu,
    (char) => Array.from({ length: char.length }, (_, at) => escaped(char.charCodeAt(at))).join(""),
  );
}

function escaped(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, "0")}`;
}
