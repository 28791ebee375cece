import { encode } from "../../protocol/codec.ts";
import { FILE_CHUNK } from "../../protocol/limits.ts";
import type { Event } from "../../protocol/schema.ts";
import { type Denial, notIn } from "../denial.ts";
import type { Hub } from "../hub.ts";
import type { Limits } from "../limits.ts";
import type { FileAsk } from "../link.ts";
import type { Peer, Seat } from "../person.ts";
import { ref } from "../requests.ts";
import type { Socket } from "../socket.ts";
import { pairKey } from "../store/store.ts";
import type { Courtesy } from "./courtesy.ts";
import { mayHave, NO_FOLDER, NONE } from "./access.ts";
import { newId } from "./file_id.ts";
import { type FileRecord, isWhole, sizeInside } from "./file_record.ts";
import { FileStock } from "./file_stock.ts";
import { FileThread } from "./file_thread.ts";
import { quotaDenial } from "./quota.ts";
import { type Ticket, TicketOffice } from "./ticket_office.ts";

type Bytes = Uint8Array<ArrayBuffer>;
type Of<T extends FileAsk["type"]> = Extract<FileAsk, { type: T }>;

/** How long what was not finished can be gone on with. */
const UNFINISHED_MS = 24 * 3_600_000;
const DAY_MS = 24 * 3_600_000;

interface Options {
  /** Where files are kept; without one there are none. */
  readonly folder: string | undefined;
  /** Who is here, and the rooms there are. */
  readonly hub: Pick<Hub, "rooms" | "has" | "roster">;
  /** Whether there is an account of this name. */
  readonly isAccount: (name: string) => boolean;
  readonly courtesy: Courtesy;
  readonly limits: Limits;
  readonly clock: () => number;
  readonly wall: () => number;
}

/** Carries a file over a connection; resolves with what was wrong with what came, if something was. */
export type Carry = (socket: Socket) => Promise<string | undefined>;

/** Where files are kept. */
interface Shelf {
  readonly thread: FileThread;
  readonly stock: FileStock;
}

/** Keeps sealed files for others until they are fetched. It can read none of them. */
export class FileDesk implements Disposable {
  readonly #options: Options;
  /** Without a folder there is none. */
  readonly #shelf: Shelf | undefined;
  readonly #tickets = new TicketOffice();

  private constructor(options: Options, shelf: Shelf | undefined) {
    this.#options = options;
    this.#shelf = shelf;
  }

  /** Finds out what is there. */
  static async open(options: Options): Promise<FileDesk> {
    const { folder, courtesy, wall } = options;
    if (folder === undefined) return new FileDesk(options, undefined);
    const thread = new FileThread(folder);
    const stock = new FileStock(await thread.ask("open", folder), { thread, courtesy, wall });
    return new FileDesk(options, { thread, stock });
  }

  async answer(seat: Seat, peer: Peer, asked: FileAsk): Promise<Denial | undefined> {
    if (this.#shelf === undefined) return NO_FOLDER;
    const answer = await this.#answer(this.#shelf, { seat, asked });
    if ("message" in answer) return answer;
    peer.outbox.push(encode({ ...answer, ...ref(asked) }));
    return undefined;
  }

  /** What the holder of a ticket may have done over a socket, whose first bytes behind the ticket are `rest`. */
  redeem(token: string, rest: Bytes): Carry | undefined {
    const ticket = this.#tickets.redeem(token, this.#options.clock());
    const stock = this.#shelf?.stock;
    const record = ticket && stock?.get(ticket.file);
    if (ticket === undefined || stock === undefined || record === undefined) return undefined;
    if (ticket.direction === "upload") return (socket) => stock.takeIn(socket, record, rest);
    return async (socket) => {
      await stock.handOut(socket, record, ticket.have);
      return undefined;
    };
  }

  /** Removes what is kept no longer. */
  async sweep(): Promise<void> {
    const { limits, clock, wall } = this.#options;
    this.#tickets.sweep(clock());
    const stock = this.#shelf?.stock;
    const now = wall();
    stock?.forgetFetched(now - UNFINISHED_MS);
    for (const record of stock?.all ?? []) {
      const kept = isWhole(record) ? limits.fileDays * DAY_MS : UNFINISHED_MS;
      if (now - record.touched > kept && !stock?.isComing(record.id)) await stock?.remove(record);
    }
  }

  [Symbol.dispose](): void {
    this.#shelf?.thread[Symbol.dispose]();
  }

  async #answer(
    shelf: Shelf,
    { seat, asked }: { readonly seat: Seat; readonly asked: FileAsk },
  ): Promise<Exclude<Event, { type: "error" }> | Denial> {
    switch (asked.type) {
      case "upload":
        return asked.file === undefined
          ? await this.#begin(shelf, { seat, asked })
          : this.#goOn(shelf.stock, { seat, asked: { ...asked, file: asked.file } });
      case "download":
        return this.#download(shelf.stock, { seat, asked });
      case "fetched":
        return await this.#fetched(shelf.stock, { seat, file: asked.file });
      case "withdraw": {
        const record = shelf.stock.get(asked.file);
        if (record?.owner !== seat.person.identity) return NONE;
        await shelf.stock.remove(record);
        return { type: "withdrawn", file: asked.file };
      }
      default:
        return asked satisfies never;
    }
  }

  async #begin(
    { thread, stock }: Shelf,
    { seat, asked: { to, size } }: { readonly seat: Seat; readonly asked: Of<"upload"> },
  ): Promise<Event & { type: "upload" } | Denial> {
    const { limits, wall } = this.#options;
    const { identity: owner } = seat.person;
    const conversation = this.#conversation(seat, to);
    if (typeof conversation !== "string") return conversation;
    const most = limits.fileBytes;
    if (sizeInside(size) > most) {
      return { code: "file_size", message: `Files may have ${most} bytes here, and this one has more` };
    }
    const free = await thread.ask("free");
    // From here to where it is counted nothing is waited for: what is asked at once shares what is left.
    const already = stock.all;
    const busy = this.#tickets.uploads(owner) +
      already.filter((each) => each.owner === owner && stock.isComing(each.id)).length;
    const no = quotaDenial({ owner, size, free, busy }, { files: already, limits });
    if (no !== undefined) return no;
    const now = wall();
    const id = newId();
    const times = { made: now, touched: now };
    const record: FileRecord = { id, owner, from: seat.name, conversation, size, ...times, have: 0 };
    await stock.create(record);
    return this.#ticketFor(record);
  }

  #goOn(
    stock: FileStock,
    { seat: { person }, asked: { file, size } }: {
      readonly seat: Seat;
      readonly asked: Of<"upload"> & { file: string };
    },
  ): Event & { type: "upload" } | Denial {
    const record = stock.get(file) ?? stock.fetched(file);
    return record?.owner !== person.identity || record.size !== size ? NONE : this.#ticketFor(record);
  }

  #ticketFor({ id: file, owner: holder, have }: FileRecord): Event & { type: "upload" } {
    const ticket: Ticket = { file, direction: "upload", have, holder };
    return { type: "upload", file, ticket: this.#tickets.issue(ticket, this.#options.clock()), have };
  }

  #download(
    stock: FileStock,
    { seat, asked: { file, have = 0 } }: { readonly seat: Seat; readonly asked: Of<"download"> },
  ): Event & { type: "download" } | Denial {
    const record = stock.get(file);
    if (record === undefined || !mayHave(seat, record)) return NONE;
    const { size } = record;
    if (have > size || have < size && have % FILE_CHUNK !== 0) {
      return { code: "file", message: `have: expected a multiple of ${FILE_CHUNK}, at most the size` };
    }
    const ticket: Ticket = { file, direction: "download", have, holder: seat.person.identity };
    return { type: "download", file, ticket: this.#tickets.issue(ticket, this.#options.clock()), size };
  }

  /** Whoever sent it is told; what was for one person is not needed any more. */
  async #fetched(
    stock: FileStock,
    { seat, file }: { readonly seat: Seat; readonly file: string },
  ): Promise<Event & { type: "fetched" } | Denial> {
    const record = stock.get(file);
    if (record === undefined || !isWhole(record) || !mayHave(seat, record)) return NONE;
    const fetched = { type: "fetched", file, user: seat.name } as const;
    if (record.owner === seat.person.identity) return fetched;
    if (!record.conversation.startsWith("#")) await stock.letGo(record);
    const bytes = encode(fetched);
    const { seats } = this.#options.hub.roster;
    for (const peer of seats.named(record.from)?.reachable() ?? []) peer.outbox.push(bytes);
    return fetched;
  }

  /** The conversation that a file is for, where there is one. */
  #conversation({ person, name }: Seat, to: string): string | Denial {
    const { hub, isAccount } = this.#options;
    if (!to.startsWith("@")) return person.rooms.has(to) ? `#${to}` : notIn(to, hub.rooms.get(to));
    const other = to.slice(1);
    if (isAccount(other) || hub.has(other)) return pairKey(name, other);
    return { code: "unknown_user", message: `There is no user named ${other}` };
  }
}
