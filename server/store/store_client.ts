import type { KeyStore } from "./key_store.ts";
import { KeysClient } from "./keys_client.ts";
import { PeopleClient } from "./people_client.ts";
import {
  type Appended,
  type Draft,
  type Extent,
  type PeopleStore,
  type Query,
  type Range,
  type Store,
  type Stored,
  StoreFull,
} from "./store.ts";
import { packed, type Places, type ReaderCalls, type WriterCalls } from "./store_link.ts";
import { StoreThread } from "./store_thread.ts";

interface Options {
  /** Made where there is none. */
  readonly folder: string;
  /** Hears why the store failed, if it ever does. Nothing is written after that: end the process. */
  readonly report?: (error: Error) => void;
  /** How large the database may become, in pages of 4 KiB. */
  readonly pages?: number;
  /** The Workers' module. */
  readonly entry?: URL;
}

/** Entries that one transaction takes, unless one batch has more. */
const MOST = 4_096;

type Ask<C> = <M extends string & keyof C>(
  call: M,
  ...args: C[M] extends (...args: infer A) => unknown ? A : never
) => Promise<C[M] extends (...args: never) => infer R ? R : never>;

/** Keeps everything in SQLite, in one folder: what resolves is on disk. One Worker writes, another one reads. */
export class SqliteStore implements Store {
  readonly incarnation: string;
  readonly people: PeopleStore;
  readonly keys: KeyStore;
  /** Resolves when the store has failed. */
  readonly failed: Promise<Error>;
  readonly #writer: StoreThread;
  readonly #reader: StoreThread;

  private constructor(
    incarnation: string,
    { writer, reader, failed }: { writer: StoreThread; reader: StoreThread; failed: Promise<Error> },
  ) {
    this.incarnation = incarnation;
    this.failed = failed;
    this.#writer = writer;
    this.#reader = reader;
    this.keys = new KeysClient((call, ...args) => writer.ask(call, args) as never);
    this.people = new PeopleClient((call, ...args) => writer.ask(call, args) as never);
  }

  /** Rejects with `FolderInUse`, `NewerSchema`, `Damaged` or `StoreFailed` of failures.ts. */
  static async open(
    { folder, report, pages, entry = new URL("./store_worker.ts", import.meta.url) }: Options,
  ): Promise<SqliteStore> {
    await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
    const { promise: failed, resolve } = Promise.withResolvers<Error>();
    let opened = false;
    let over = false;
    const fail = (error: Error) => {
      if (over) return;
      over = true;
      writer.fail(error);
      reader.fail(error);
      resolve(error);
      if (opened) report?.(error);
    };
    const thread = { entry, folder, report: (error: Error) => fail(error) };
    const writer = new StoreThread({ ...thread, role: "writer", most: MOST });
    const reader = new StoreThread({ ...thread, role: "reader", most: 1 });
    try {
      const incarnation = await writer.open(pages);
      await reader.open();
      opened = true;
      return new SqliteStore(incarnation, { writer, reader, failed });
    } catch (error) {
      writer.end();
      reader.end();
      throw error;
    }
  }

  async append(drafts: readonly Draft[]): Promise<readonly Appended[]> {
    if (drafts.length === 0) return [];
    const { places, before } = await this.#writer.ask("append", [packed(drafts)], drafts.length) as Places;
    const appended: Appended[] = drafts.map((draft, i) => ({
      entry: { ...draft, seq: places[2 * i]!, at: places[2 * i + 1]! },
      duplicate: false,
    }));
    for (const { index, entry } of before) appended[index] = { entry, duplicate: true };
    return appended;
  }

  async extent(conversation: string): Promise<Extent> {
    return await this.#write("extent", conversation);
  }

  async read(conversation: string, range: Range): Promise<readonly Stored[]> {
    return await this.#read("read", conversation, range);
  }

  async find(sender: string, id: string): Promise<Stored | undefined> {
    return await this.#write("find", sender, id);
  }

  async search(query: Query): Promise<readonly Stored[]> {
    await this.#catchUp();
    return await this.#read("search", query);
  }

  async rooms(): Promise<readonly string[]> {
    return await this.#read("rooms");
  }

  async expire(before: (room: string) => number | undefined): Promise<void> {
    for (const room of await this.rooms()) {
      const time = before(room);
      if (time === undefined) continue;
      while (await this.#write("expire", room, time));
    }
  }

  /** Resolves when all that was asked is done and everything is closed. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#reader.close();
    await this.#writer.close();
  }

  /** Makes everything that is stored findable, in parts, so that others get in between. */
  async #catchUp(): Promise<void> {
    const newest = await this.#write("newest");
    try {
      while (await this.#write("index", newest));
    } catch (error) {
      if (!(error instanceof StoreFull)) throw error; // what is findable is found
    }
  }

  readonly #write: Ask<WriterCalls> = (call, ...args) => this.#writer.ask(call, args) as never;
  readonly #read: Ask<ReaderCalls> = (call, ...args) => this.#reader.ask(call, args) as never;
}
