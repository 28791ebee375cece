import type { Entry, Event, Request } from "../../protocol/schema.ts";
import type { FakePeer } from "./fake_server.ts";

const AT = "2026-01-02T03:04:05.678Z";
/** A name on the wire may have so many characters. */
const NAME = 100;
/** So many fit into a frame. */
const FEW = 150;

/** A server that writes hostile texts wherever it may write any: into more than nine fields. */
export class HostileSpeaker {
  readonly texts: readonly string[];
  readonly names: readonly string[];

  constructor(texts: readonly string[]) {
    this.texts = texts;
    this.names = [...new Set(texts.map((text) => text.slice(0, NAME)))];
  }

  /** All of them as one text, for fields that there are once. */
  get all(): string {
    return this.texts.join(" ");
  }

  /** What the lobby has: each text, said by each name. */
  entries(): Entry[] {
    return this.texts.map((text, at) => ({
      type: "message",
      room: "lobby",
      seq: at + 1,
      at: AT,
      from: this.names[at % this.names.length]!,
      id: `id-${at + 1}`,
      text,
    }));
  }

  /** Speaks to one client until it goes. */
  async speak(peer: FakePeer): Promise<void> {
    const hello = await peer.next("hello");
    const others = this.names.slice(0, FEW);
    const rooms = [
      { room: "lobby", seq: this.texts.length, users: [hello.name, ...others] },
      ...others.map((room) => ({ room, seq: 0, users: [] })),
    ];
    await peer.send({
      type: "welcome",
      protocol: 1,
      name: hello.name,
      session: "session-of-the-fake",
      resumed: false,
      server: { version: this.texts[0]!, log: "log-of-the-fake-0" },
      limits: {},
      rooms,
      account: "member",
    });
    for (const [at, text] of this.texts.entries()) await peer.send(...this.#events(at, text, hello.name));
    for (let request; (request = await peer.any());) {
      const answer = this.#answer(request);
      if (answer !== undefined) await peer.send(answer);
    }
  }

  #events(at: number, text: string, me: string): Event[] {
    const name = this.names[at % this.names.length]!;
    const entry = { at: AT, from: name, id: `w-${at}`, text };
    return [
      { type: "error", code: "notice", message: text },
      { type: "whisper", to: me, seq: 1, ...entry },
      { type: "joined", room: name, user: me, seq: 0, users: [name] },
      { type: "left", room: "lobby", user: name, reason: text },
      { type: "joined", room: "lobby", user: name },
      { type: "gap", room: name, from: 1, to: 1, why: text },
      { type: "receipt", with: name, seq: 1, status: "kept" },
    ];
  }

  #answer(request: Request): Event | undefined {
    const { type, ref } = request;
    const more = ref === undefined ? {} : { ref };
    switch (type) {
      case "history": {
        const { room, before = Infinity, limit = FEW } = request;
        const earlier = room === "lobby" ? this.entries().filter(({ seq }) => seq < before) : [];
        return { type, room, entries: earlier.slice(-limit), more: earlier.length > limit, ...more };
      }
      case "search":
        return { type: "found", entries: this.entries().slice(-FEW), more: true, ...more };
      case "rooms":
        return { type, rooms: this.names.map((name) => ({ room: name, users: 1, seq: 0 })), ...more };
      case "users":
        return { type, users: [...this.names], ...request.room ? { room: request.room } : {}, ...more };
      case "devices":
        return { type, devices: this.names.slice(0, FEW).map(device), ...more };
      case "message":
      case "whisper":
      case "join":
        return { type: "error", code: "refused", message: this.all.slice(0, 4_000), ...more };
      default:
        return undefined;
    }
  }
}

function device(label: string, at: number) {
  return { device: at + 1, label, created: AT, seen: AT, here: at === 0, current: at === 0 };
}
