import type { ErrorCode } from "../protocol/errors.ts";
import { Bucket } from "./bucket.ts";
import type { Mailbox } from "./mailbox.ts";
import type { Outbox } from "./outbox.ts";
import type { Account, Marks } from "./store/store.ts";

/** How the hub reaches one connected user. */
export interface Peer {
  readonly outbox: Outbox;
  /** Where it comes from. */
  readonly address: string;
  /** Ends the connection with a fatal error. */
  end(code: ErrorCode, message: string, ref?: string): void;
}

/** Marks as they are kept while somebody is here: they only rise. */
export type LiveMarks = { -readonly [K in keyof Marks]: Marks[K] };

/** Somebody: a guest as long as it has the name, or the owner of an account. Has a seat for each of its connections. */
export class Person {
  readonly name: string;
  readonly skeletons: readonly string[];
  /** Whose ids its ids are. */
  identity = "";
  account: Account | undefined;
  readonly seats = new Set<Seat>();
  /** Names of the rooms entered, to be entered again by whoever comes back. */
  readonly rooms = new Set<string>();
  /** How often the others are told of its comings and goings. */
  readonly notices = new Bucket(4, 2);
  /** Conversations of two that are open and in which it has a side. */
  readonly pairs = new Set<string>();
  /** How far an account is in its conversations. */
  marks: Map<string, LiveMarks> = new Map();
  /** The SHA-256 of a guest's session. */
  session = "";
  /** Resolves when it is known what a guest has had before: until then others may see it, but not open anything with it. */
  recognised: Promise<void> = Promise.resolve();
  /** It is known by now, or the guest is gone. */
  recognise: () => void = () => {};
  /** What waits for an account. */
  mailbox: Mailbox | undefined;
  /** Whether the others have been told that it left. */
  told = false;
  /** Since when an account is remembered without a seat, by the hub's clock. */
  awaySince: number | undefined;

  constructor(name: string, skeletons: readonly string[]) {
    this.name = name;
    this.skeletons = skeletons;
  }

  /** A guest has come, of whom nothing is known yet. */
  unknown(): void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.recognised = promise;
    this.recognise = resolve;
  }

  /** Its connections that may be sent something. */
  *reachable(): Generator<Peer> {
    for (const seat of this.seats) if (seat.reachable) yield seat.reachable;
  }

  /** Whether one of its connections is there. */
  get here(): boolean {
    for (const seat of this.seats) if (seat.peer) return true;
    return false;
  }
}

/** How far one connection is in a conversation of two. */
export interface Place {
  /** The last seq it has taken. */
  taken: number;
  /** It is being sent what it missed: what is new comes after that. */
  catchingUp: boolean;
}

/** One connection's place at the table, connected or held for a while for the one who knows its session. */
export class Seat {
  readonly person: Person;
  /** The token that proves it: a guest's own, or that of an account's device. */
  session: string;
  /** Which of the programs that share a device. */
  readonly instance: string;
  /** The device of an account. */
  device: number | undefined;
  readonly places = new Map<string, Place>();
  peer: Peer | undefined;
  /** How often it was welcomed, and whether its present connection has been. */
  welcomes = 0;
  welcomed = false;
  /** Where its last connection came from. */
  address = "";
  /** Wrong passwords that somebody has tried before it signed in. */
  failures = 0;
  /** When its connection was lost, by the hub's clock; `undefined` while there is one. */
  goneAt: number | undefined;
  /** Why the server closed its last connection, if it did. */
  closed: ErrorCode | undefined;

  constructor(
    person: Person,
    { session, instance = "", device }: {
      session: string;
      instance: string | undefined;
      device: number | undefined;
    },
  ) {
    this.person = person;
    this.session = session;
    this.instance = instance;
    this.device = device;
    person.seats.add(this);
  }

  get name(): string {
    return this.person.name;
  }

  /** Its connection, once it may be sent something. */
  get reachable(): Peer | undefined {
    return this.welcomed ? this.peer : undefined;
  }
}
