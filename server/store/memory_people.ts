import { noAccount } from "./failures.ts";
import type { MemoryKeys } from "./memory_keys.ts";
import { remember } from "./remember.ts";
import type { Account, Device, Marks, PeopleStore, Stored, Waiting } from "./store.ts";

const encoder = new TextEncoder();

/** One account with all that is its own. */
interface Home {
  account: Account;
  devices: Device[];
  lastDevice: number;
  readonly rooms: Set<string>;
  readonly marks: Map<string, Marks>;
}

/** What {@linkcode MemoryPeople} needs to know of the conversations. */
export interface Conversations {
  head(conversation: string): number;
  /** Entries after a seq, oldest first. */
  after(conversation: string, seq: number): Iterable<Stored>;
  keys(): Iterable<string>;
}

/** Keeps people for as long as the process lives. */
export class MemoryPeople implements PeopleStore {
  readonly #conversations: Conversations;
  readonly #keys: MemoryKeys;
  readonly #settings = new Map<string, string>();
  readonly #homes = new Map<number, Home>();
  /** Until when names and skeletons of accounts that are no more stay taken. */
  readonly #retired: { readonly account: Account; readonly until: number }[] = [];
  readonly #guests = new Map<string, string>();
  readonly #sessions = new Map<string, string>();
  /** Since when guests take part in whispers, by session and name. */
  readonly #floors = new Map<string, Map<string, number>>();
  #last = 0;

  constructor(conversations: Conversations, keys: MemoryKeys) {
    this.#conversations = conversations;
    this.#keys = keys;
  }

  setting(key: string): Promise<string | undefined> {
    return Promise.resolve(this.#settings.get(key));
  }

  setSetting(key: string, value: string): Promise<void> {
    this.#settings.set(key, value);
    return Promise.resolve();
  }

  accounts(): Promise<readonly Account[]> {
    return Promise.resolve(Array.from(this.#homes.values(), ({ account }) => account));
  }

  retired(): Promise<ReadonlyMap<string, number>> {
    return Promise.resolve(
      new Map(this.#retired.flatMap(({ account, until }) => account.skeletons.map((each) => [each, until]))),
    );
  }

  enrol(
    account: Omit<Account, "id" | "disabled">,
    device: Omit<Device, "device">,
  ): Promise<Account | undefined> {
    const taken = [
      ...Array.from(this.#homes.values(), (home) => home.account),
      ...this.#retired.filter(({ until }) => until > account.created).map((each) => each.account),
    ].some((each) =>
      each.name === account.name || each.skeletons.some((one) => account.skeletons.includes(one))
    );
    if (taken) return Promise.resolve(undefined);
    const made: Account = { ...account, id: ++this.#last, disabled: false };
    const devices = [{ ...device, device: 1 }];
    this.#homes.set(made.id, { account: made, devices, lastDevice: 1, rooms: new Set(), marks: new Map() });
    return Promise.resolve(made);
  }

  repass(
    account: number,
    { record, stretching, vault }: Parameters<PeopleStore["repass"]>[1],
    keep: number | undefined,
  ): Promise<void> {
    return this.#change(account, (home) => {
      home.account = { ...home.account, record, stretching };
      this.#keys.repassed(account, vault);
      home.devices = home.devices.filter(({ device }) => device === keep);
    });
  }

  setRole(account: number, role: Account["role"]): Promise<void> {
    return this.#change(account, (home) => home.account = { ...home.account, role });
  }

  setDisabled(account: number, disabled: boolean): Promise<void> {
    return this.#change(account, (home) => {
      home.account = { ...home.account, disabled };
      if (disabled) home.devices = [];
    });
  }

  unregister(account: number, until: number): Promise<void> {
    return this.#change(account, (home) => {
      this.#retired.push({ account: home.account, until });
      this.#keys.gone(account, home.account.name);
      this.#homes.delete(account);
    });
  }

  devices(account: number): Promise<readonly Device[]> {
    return Promise.resolve([...this.#homes.get(account)?.devices ?? []]);
  }

  addDevice(account: number, device: Omit<Device, "device">, most: number): Promise<Device> {
    const home = this.#homes.get(account);
    if (!home) return Promise.reject(noAccount(account));
    const made: Device = { ...device, device: ++home.lastDevice };
    home.devices.push(made);
    while (home.devices.length > most) {
      const oldest = home.devices.filter((each) => each !== made).reduce((a, b) => b.seen < a.seen ? b : a);
      home.devices = home.devices.filter((each) => each !== oldest);
    }
    this.#keys.only(account, home.devices.map((each) => each.device));
    return Promise.resolve(made);
  }

  seenDevice(account: number, device: number, at: number): Promise<void> {
    return this.#change(account, (home) => {
      home.devices = home.devices.map((each) => each.device === device ? { ...each, seen: at } : each);
    });
  }

  removeDevice(account: number, device: number): Promise<void> {
    return this.#change(account, (home) => {
      home.devices = home.devices.filter((each) => each.device !== device);
    });
  }

  roomsOf(account: number): Promise<readonly string[]> {
    return Promise.resolve([...this.#homes.get(account)?.rooms ?? []]);
  }

  setRoom(account: number, room: string, here: boolean): Promise<void> {
    return this.#change(account, ({ rooms }) => {
      if (here) rooms.add(room);
      else rooms.delete(room);
    });
  }

  marksOf(account: number): Promise<ReadonlyMap<string, Marks>> {
    return Promise.resolve(new Map(this.#homes.get(account)?.marks));
  }

  openMarks(account: number, conversation: string, floor?: number): Promise<Marks> {
    const at = floor ?? this.#conversations.head(conversation);
    const fresh = { floor: at, delivered: at, read: at, told: at };
    return Promise.resolve(
      this.#homes.get(account)?.marks.getOrInsertComputed(conversation, () => fresh) ?? fresh,
    );
  }

  mark(account: number, conversation: string, marks: Partial<Marks>): Promise<void> {
    return this.#change(account, (home) => {
      const before = home.marks.get(conversation);
      if (!before && conversation.startsWith("@")) return;
      const known = before ?? { floor: 0, delivered: 0, read: 0, told: 0 };
      home.marks.set(conversation, {
        floor: Math.max(known.floor, marks.floor ?? 0),
        delivered: Math.max(known.delivered, marks.delivered ?? 0),
        read: Math.max(known.read, marks.read ?? 0),
        told: Math.max(known.told, marks.told ?? 0),
      });
    });
  }

  waiting(account: number, name: string): Promise<ReadonlyMap<string, Waiting>> {
    const waiting = new Map<string, { entries: number; bytes: number }>();
    for (const [conversation, { floor, delivered }] of this.#homes.get(account)?.marks ?? []) {
      if (!conversation.startsWith("@")) continue;
      for (
        const { from, text, also = "" } of this.#conversations.after(conversation, Math.max(floor, delivered))
      ) {
        if (from === name) continue;
        const sum = waiting.getOrInsertComputed(from, () => ({ entries: 0, bytes: 0 }));
        sum.entries++;
        sum.bytes += encoder.encode(text + also).length;
      }
    }
    return Promise.resolve(waiting);
  }

  lastOf(conversation: string, from: string, through: number): Promise<number> {
    let last = 0;
    for (const entry of this.#conversations.after(conversation, 0)) {
      if (entry.seq <= through && entry.from === from) last = entry.seq;
    }
    return Promise.resolve(last);
  }

  identify(
    { name, shown, session, fresh }: {
      readonly name: string;
      readonly shown: string | undefined;
      readonly session: string;
      readonly fresh: string;
    },
  ): Promise<string> {
    const own = shown === undefined ? undefined : this.#sessions.get(`${shown} ${name}`);
    const identity = own ?? this.#guests.get(name) ?? fresh;
    remember(this.#guests, name, identity);
    remember(this.#sessions, `${session} ${name}`, identity);
    return Promise.resolve(identity);
  }

  openGuest(session: string, name: string, conversation: string): Promise<number> {
    const key = `${session} ${name}`;
    const own = this.#floors.getOrInsertComputed(key, () => new Map());
    const known = own.get(conversation);
    if (known !== undefined) return Promise.resolve(known);
    for (const [other, floors] of this.#floors) {
      if (other !== key && other.endsWith(` ${name}`)) floors.delete(conversation);
    }
    own.set(conversation, this.#conversations.head(conversation));
    return Promise.resolve(own.get(conversation)!);
  }

  inherit(shown: string, session: string, name: string): Promise<ReadonlyMap<string, number>> {
    const floors = new Map(this.#floors.get(`${shown} ${name}`));
    remember(this.#floors, `${session} ${name}`, floors);
    return Promise.resolve(floors);
  }

  release(name: string): Promise<void> {
    this.#guests.delete(name);
    return Promise.resolve();
  }

  #change(account: number, change: (home: Home) => void): Promise<void> {
    const home = this.#homes.get(account);
    if (!home) return Promise.resolve();
    change(home);
    if (this.#homes.has(account)) this.#keys.only(account, home.devices.map(({ device }) => device));
    return Promise.resolve();
  }
}
