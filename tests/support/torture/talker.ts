import { ChatClient, type ClientEvent } from "../../../client/chat_client.ts";
import { FileMemory } from "../../../client/memory/file_memory.ts";
import { OpaquePake } from "../../../client/pake/opaque_pake.ts";
import { tcp } from "../../../client/transport.ts";
import type { Part } from "./cast.ts";
import { type ClientLog, conversationOf, hashOf } from "./client_log.ts";
import { NotingMemory } from "./noting_memory.ts";
import { type Heard, tapped } from "./tap.ts";

/** After which a client that found nobody is started again. */
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
  readonly #part: Part;
  readonly #home: Home;
  #chat!: ChatClient;
  #reading: Promise<void> = Promise.resolve();
  /** Ids of its own that are on their way. */
  readonly #own = new Set<string>();
  /** The last seq shown, by conversation as the checker names it. */
  readonly shown = new Map<string, number>();
  online = false;
  #serverLog = "";

  private constructor(part: Part, home: Home) {
    this.#part = part;
    this.#home = home;
  }

  static async start(part: Part, home: Home): Promise<Talker> {
    const talker = new Talker(part, home);
    await talker.#begin();
    return talker;
  }

  /** The client of now: one that never met its server has given up, and was started again. */
  get chat(): ChatClient {
    return this.#chat;
  }

  /** Ends in good order. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#chat.bye();
    await this.#reading;
  }

  async #begin(): Promise<void> {
    const { name, client, password } = this.#part;
    const { port, folder, log } = this.#home;
    const memory = new NotingMemory(await FileMemory.open({ folder, name }), log, name);
    for (const { id } of memory.remembered.drafts) this.#own.add(id);
    for (const [to, seq] of memory.remembered.cursors) this.shown.set(conversationOf(name, to), seq);
    this.#chat = new ChatClient({
      dial: async () =>
        tapped(await tcp("127.0.0.1", port), {
          leaving: (frame) => this.#leaving(frame),
          coming: (frame) => this.#coming(frame),
        }),
      name,
      version: "torture",
      memory,
      ...password === undefined ? {} : { pake: new OpaquePake() },
      device: client,
      backoff: { minMs: 20, maxMs: 150 },
      pulse: { quietMs: 2_000, patienceMs: 5_000 },
    });
    this.#reading = this.#read();
    this.#chat.start();
  }

  async #read(): Promise<void> {
    let again = false;
    for await (const event of this.#chat.events) {
      this.#take(event);
      again ||= event.kind === "nameRefused" || event.kind === "ended" && event.why === "unreachable";
    }
    if (!again) return;
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    await this.#begin();
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
        // Killed before it could note down its session: its name is held for whoever shows that, and then free.
        if (event.code === "name_taken") return void this.chat.bye();
        return report("trouble", `${event.kind}: ${event.message}`);
      case "notSaved":
        return report("trouble", `${event.kind}: ${event.message}`);
      case "ended":
        if (event.why !== "bye" && event.why !== "unreachable") {
          report("trouble", `ended, ${event.why}: ${event.message}`);
        }
        return;
      case "queued":
      case "transfer":
      case "privacy":
      case "keys":
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
