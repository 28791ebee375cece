import { ChatClient, type ClientEvent } from "../../../client/chat_client.ts";
import { FileMemory } from "../../../client/memory/file_memory.ts";
import { OpaquePake } from "../../../client/pake/opaque_pake.ts";
import { tcp, type Transport, Unreachable } from "../../../client/transport.ts";
import type { Part } from "./cast.ts";
import { type ClientLog, conversationOf, hashOf } from "./client_log.ts";
import { NotingMemory } from "./noting_memory.ts";
import { type Heard, tapped } from "./tap.ts";

/** How long a server may be away before a client that has never met it gives up; and how often it looks. */
const PATIENCE_MS = 10_000;
const AGAIN_MS = 50;

/** Where a {@linkcode Talker} lives. */
export interface Home {
  readonly port: number;
  /** Of its memory. */
  readonly folder: string;
  readonly log: ClientLog;
  /** Something happened that the campaign waits for; `trouble` should never happen. */
  readonly report: (what: "online" | "trouble", detail: string) => void;
}

/** One real client, which writes down everything that it attempts, is told and shows. */
export class Talker implements AsyncDisposable {
  readonly chat: ChatClient;
  readonly #part: Part;
  readonly #home: Home;
  /** Ids of its own that are on their way. */
  readonly #own: Set<string>;
  readonly #reading: Promise<void>;
  /** The last seq shown, by conversation as the checker names it. */
  readonly shown: Map<string, number>;
  online = false;
  #serverLog = "";

  private constructor(part: Part, home: Home, memory: NotingMemory) {
    const { port } = home;
    this.#part = part;
    this.#home = home;
    this.#own = new Set(memory.remembered.drafts.map(({ id }) => id));
    this.shown = new Map(
      Array.from(memory.remembered.cursors, ([to, seq]) => [conversationOf(part.name, to), seq]),
    );
    this.chat = new ChatClient({
      dial: async () =>
        tapped(await reach(port), {
          leaving: (frame) => this.#leaving(frame),
          coming: (frame) => this.#coming(frame),
        }),
      name: part.name,
      version: "torture",
      memory,
      ...part.password === undefined ? {} : { pake: new OpaquePake() },
      device: part.client,
      backoff: { minMs: 20, maxMs: 150 },
      pulse: { quietMs: 2_000, patienceMs: PATIENCE_MS },
    });
    this.#reading = this.#read();
    this.chat.start();
  }

  static async start(part: Part, home: Home): Promise<Talker> {
    const memory = await FileMemory.open({ folder: home.folder, name: part.name });
    return new Talker(part, home, new NotingMemory(memory, home.log, part.name));
  }

  /** Ends in good order. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.chat.bye();
    await this.#reading;
  }

  async #read(): Promise<void> {
    for await (const event of this.chat.events) this.#take(event);
  }

  #take(event: ClientEvent): void {
    const { log, report } = this.#home;
    switch (event.kind) {
      case "online": {
        this.online = true;
        const rooms = Object.fromEntries(event.rooms.map(({ room, seq }) => [`#${room}`, seq]));
        log.note({ kind: "online", log: this.#serverLog, rooms });
        return void this.#settleIn(event.account !== undefined);
      }
      case "offline":
        this.online = false;
        return log.note({ kind: "offline", why: event.why });
      case "entry": {
        const { seq, from, id, text, at } = event.entry;
        const conversation = conversationOf(this.#part.name, event.to);
        const hash = hashOf(text);
        log.note({ kind: "show", conversation, seq, from, id, hash, at: Date.parse(at) });
        return this.#seen(event.to, seq);
      }
      case "gap": {
        const conversation = conversationOf(this.#part.name, event.to);
        log.note({ kind: "gap", conversation, from: event.from, to: event.until, why: event.why });
        return this.#seen(event.to, event.until);
      }
      case "refused":
        return log.note({ kind: "refused", id: event.draft.id, code: event.code });
      case "joined":
      case "left":
        if (event.user === this.#part.name) log.note({ kind: event.kind, conversation: `#${event.room}` });
        return;
      case "passwordWanted":
        if (event.why !== "account") {
          return report("trouble", `password wanted: ${event.why}, ${event.message}`);
        }
        return this.chat.signIn(this.#part.password!);
      case "nameRefused":
      case "notSaved":
        return report("trouble", `${event.kind}: ${event.message}`);
      case "ended":
        if (event.why !== "bye") report("trouble", `ended, ${event.why}: ${event.message}`);
        return;
      case "queued":
      case "receipt":
      case "read":
      case "notice":
        return;
      default:
        return event satisfies never;
    }
  }

  /** Signed in; an account that is to be made is made first. Never rejects. */
  async #settleIn(isAccount: boolean): Promise<void> {
    const { password, registers, name } = this.#part;
    try {
      if (registers && !isAccount) await this.chat.register(password!);
      this.#home.report("online", name);
    } catch (error) {
      this.#home.report("trouble", `cannot register: ${error}`);
    }
  }

  #seen(to: string, seq: number): void {
    const conversation = conversationOf(this.#part.name, to);
    this.shown.set(conversation, Math.max(seq, this.shown.get(conversation) ?? 0));
    this.chat.shown(to, seq);
  }

  #leaving({ type, id }: Heard): void {
    if (typeof id !== "string" || (type !== "message" && type !== "whisper")) return;
    this.#own.add(id);
    this.#home.log.note({ kind: "sent", id });
  }

  #coming(frame: Heard): void {
    const { type, server, from, id, text, seq, at, room, to } = frame as Heard & Record<string, string>;
    if (type === "welcome") this.#serverLog = (server as unknown as { log: string }).log;
    if ((type !== "message" && type !== "whisper") || from !== this.#part.name || !this.#own.has(id!)) return;
    const conversation = conversationOf(from, type === "message" ? `#${room}` : `@${to}`);
    this.#home.log.note({
      kind: "ack",
      conversation,
      seq: Number(seq),
      from,
      id: id!,
      hash: hashOf(text!),
      at: Date.parse(at!),
    });
  }
}

/** Connects, as soon as somebody listens: a client that finds nobody at its start would end. */
async function reach(port: number): Promise<Transport> {
  while (true) {
    try {
      return await tcp("127.0.0.1", port);
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
}
