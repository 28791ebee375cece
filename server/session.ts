import { decodeRequest } from "../protocol/codec.ts";
import { ProtocolError } from "../protocol/errors.ts";
import { FrameReader } from "../protocol/frames.ts";
import { readName, readRoom } from "../protocol/names.ts";
import type { Request } from "../protocol/schema.ts";
import type { Ask, Carriage, Claim, Refusal, Reply, Verdict } from "./link.ts";

type State = "greeting" | "chatting" | "over";

/** One client's side of the talk, from untrusted bytes to verdicts. Knows no socket, no Worker. */
export class Session {
  readonly #frames: FrameReader;
  #state: State;

  constructor({ welcomed }: { readonly welcomed: boolean }) {
    this.#state = welcomed ? "chatting" : "greeting";
    this.#frames = new FrameReader({ welcomed });
  }

  /** Reads until the chunk ends, the stream cannot be trusted any more, or a name is claimed. */
  read(chunk: Uint8Array): Omit<Reply, "channel"> {
    const verdicts: Verdict[] = [];
    let frames = 0;
    if (this.#state === "over") return { verdicts, frames, partial: false };
    try {
      for (const { kind, payload } of this.#frames.push(chunk)) {
        frames++;
        const verdict = this.#step(kind, payload);
        verdicts.push(verdict);
        if (verdict.type === "claim" || verdict.type === "transfer") {
          return { verdicts, frames, partial: false };
        }
      }
    } catch (error) {
      verdicts.push(this.#refuse(error));
    }
    return { verdicts, frames, partial: this.#frames.partial };
  }

  #step(kind: "json" | "binary", payload: Uint8Array): Verdict {
    try {
      if (kind === "binary") throw this.#channelless();
      const asked = decodeRequest(payload);
      if (this.#state === "greeting" && !isAboutAccount(asked)) return this.#greet(asked);
      if (asked.type === "hello" || asked.type === "transfer") {
        throw new ProtocolError("state", "You have signed in already", asked);
      }
      return normalised(asked);
    } catch (error) {
      if (error instanceof ProtocolError && !error.fatal) return this.#refuse(error);
      throw error;
    }
  }

  #greet(asked: Request): Claim | Carriage {
    if (asked.type === "transfer") {
      this.#state = "over";
      return { type: "transfer", ticket: asked.ticket, ref: asked.ref, rest: this.#frames.rest.slice() };
    }
    if (asked.type !== "hello") throw new ProtocolError("not_signed_in", "Say hello first", asked);
    const { name, problem } = readName(asked.name);
    const rest = this.#frames.rest.slice();
    const hello = { ...asked, name, resume: asked.resume && inNormalForm(asked.resume) };
    return { type: "claim", hello, raw: asked.name, problem, rest };
  }

  #channelless(): ProtocolError {
    if (this.#state === "greeting") return new ProtocolError("not_signed_in", "Say hello first");
    return new ProtocolError("unknown_channel", "No transfer is under way on this channel");
  }

  #refuse(error: unknown): Refusal {
    if (!(error instanceof ProtocolError)) throw error;
    if (error.fatal) this.#state = "over";
    const { code, message, fatal, ref } = error;
    return { type: "refuse", code, message, fatal, ref };
  }
}

/** What may be asked before `welcome`: all that it takes to get or to prove a name of one's own. */
function isAboutAccount(
  asked: Request,
): asked is Extract<Request, { type: "login" | "register" | "enrol" }> {
  return asked.type === "login" || asked.type === "register" || asked.type === "enrol";
}

/** Brings the names in a request to normal form; nobody and nothing has a name that cannot be brought there. */
function normalised(asked: Ask): Ask {
  switch (asked.type) {
    case "whisper": {
      const { name, problem } = readName(asked.to);
      if (problem) throw new ProtocolError("unknown_user", `There is no user named ${asked.to}`, asked);
      return { ...asked, to: name };
    }
    case "message":
    case "join":
    case "leave":
      return inRoom(asked, room(asked.room, asked.ref));
    case "keys": {
      const { name, problem } = readName(asked.user);
      if (problem) throw new ProtocolError("unknown_user", `There is no user named ${asked.user}`, asked);
      return { ...asked, user: name };
    }
    case "users":
      return asked.room === undefined ? asked : { ...asked, room: room(asked.room, asked.ref) };
    case "history":
    case "read":
      return { ...asked, room: place(asked.room, asked.ref) };
    case "search":
      return {
        ...asked,
        ...asked.room === undefined ? {} : { room: place(asked.room, asked.ref) },
        ...asked.from === undefined ? {} : { from: readName(asked.from).name },
      };
    case "login":
    case "register":
    case "enrol": {
      const { name, problem } = readName(asked.name);
      if (problem) throw new ProtocolError(problem.code, problem.message, asked);
      return { ...asked, name };
    }
    case "upload":
      return { ...asked, to: place(asked.to, asked.ref) };
    case "download":
    case "fetched":
    case "withdraw":
    case "publish":
    case "key_log":
    case "vault":
    case "archive":
    case "unregister":
    case "devices":
    case "revoke":
    case "rooms":
    case "ping":
    case "pong":
    case "bye":
      return asked;
    default:
      return asked satisfies never;
  }
}

/** A conversation as it is named on the wire: a room, or `@` and the other's name. */
function place(raw: string, ref: string | undefined): string {
  return raw.startsWith("@") ? `@${readName(raw.slice(1)).name}` : room(raw, ref);
}

function inRoom<T extends { readonly room: string }>(asked: T, name: string): T {
  return asked.room === name ? asked : { ...asked, room: name };
}

/** The cursors whose conversation can exist; the others are cursors of nothing. */
function inNormalForm(resume: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(resume).filter(([key]) => {
      const { name, problem } = key.startsWith("@") ? readName(key.slice(1)) : readRoom(key);
      return problem === undefined && name === (key.startsWith("@") ? key.slice(1) : key);
    }),
  );
}

function room(raw: string, ref: string | undefined): string {
  const { name, problem } = readRoom(raw);
  if (problem) throw new ProtocolError("room", problem.message, { ref });
  return name;
}
