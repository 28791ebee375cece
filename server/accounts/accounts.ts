import type { Limits } from "../limits.ts";
import type { KeyStore } from "../store/key_store.ts";
import type { Account, PeopleStore } from "../store/store.ts";
import { Desk } from "./desk.ts";
import { Directory } from "./directory.ts";
import { Guard, GUARD_BOUNDS, type GuardBounds } from "./guard.ts";
import { EMPTY, type Household } from "./household.ts";
import type { Office } from "./office.ts";
import { OpaqueHost } from "./opaque_host.ts";
import { OwnerCode } from "./owner_code.ts";
import { Quota } from "./quota.ts";
import { sourceOf } from "../source.ts";

const HOUR_MS = 3_600_000;

export type { AccountAsk, Household, Who } from "./household.ts";
export { Desk } from "./desk.ts";

interface Options {
  readonly people: PeopleStore;
  /** What devices have published; nothing is, unless given. */
  readonly keys?: KeyStore | undefined;
  readonly limits: Pick<Limits, "accountsPerHour" | "devicesPerAccount">;
  /** Milliseconds that never go back, and milliseconds since 1970. */
  readonly clock: () => number;
  readonly wall: () => number;
  /** Whether there are no guests. */
  readonly required: boolean;
  /** Hears what went wrong where nobody waits for it. */
  readonly report: (error: Error) => void;
  readonly bounds?: GuardBounds;
  /** The module of the OPAQUE Worker. */
  readonly opaqueEntry?: URL | undefined;
}

/** All accounts of a server. */
export class Accounts implements AsyncDisposable {
  readonly directory: Directory;
  /** By which the first owner shows that it runs the server, when that was made just now. */
  readonly ownerCode: string | undefined;
  /** Who is here: to be set before the first desk is used. */
  household: Household = EMPTY;
  readonly #office: Office;
  /** The end of what is done one at a time. */
  #last: Promise<unknown> = Promise.resolve();

  private constructor(
    options: Options,
    { directory, opaque, owner }: Pick<Office, "directory" | "opaque" | "owner">,
  ) {
    const { people, keys, limits, clock, wall, required, bounds = GUARD_BOUNDS } = options;
    const household = () => this.household;
    this.directory = directory;
    this.ownerCode = owner.fresh;
    this.#office = {
      people,
      keys,
      directory,
      guard: new Guard(bounds),
      founded: new Quota({ most: limits.accountsPerHour, spanMs: HOUR_MS }),
      opaque,
      owner,
      get household() {
        return household();
      },
      devicesPerAccount: limits.devicesPerAccount,
      required,
      clock,
      wall,
      alone: (work) => this.#alone(work),
    };
  }

  /** Reads all accounts and starts the OPAQUE Worker. */
  static async open(options: Options): Promise<Accounts> {
    const { people, clock, report, opaqueEntry: entry } = options;
    const directory = new Directory(await people.accounts(), await people.retired());
    const owner = await OwnerCode.open(people, { owned: directory.owned });
    const opaque = await OpaqueHost.open({ people, clock, report, entry });
    return new Accounts(options, { directory, opaque, owner });
  }

  /** Pieces of work that the OPAQUE Worker was given so far. */
  get opaqueJobs(): number {
    return this.#office.opaque.jobs;
  }

  /** A desk for the connection `by` from `address`. */
  desk(by: object, address: string): Desk {
    return new Desk(this.#office, { by, source: sourceOf(address) });
  }

  /** Looks at the clock: what is too old is forgotten, an OPAQUE Worker that does not answer is replaced. */
  sweep(now: number): void {
    const { directory, guard, founded, opaque } = this.#office;
    directory.sweep(now);
    guard.sweep(now);
    founded.sweep(now);
    opaque.sweep(now);
  }

  /** Reads all accounts again: somebody else has changed them. Who may not be here any more is signed out. */
  async reload(): Promise<void> {
    const { people, directory, guard } = this.#office;
    await this.#alone(async () => {
      const read = new Map((await people.accounts()).map((account) => [account.id, account]));
      for (const before of [...directory.all()]) {
        const account = read.get(before.id);
        if (!account) {
          directory.remove(before);
          this.household.unregistered(before, undefined);
        }
        if (account?.record !== before.record) guard.forgive(before.id);
      }
      for (const account of read.values()) directory.set(account);
      for (const account of read.values()) await this.#signOutLost(account);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#office.opaque[Symbol.asyncDispose]();
    await this.#last.catch(() => {}); // told to whoever asked for it
  }

  /** Ends the connections of devices that are no more. */
  async #signOutLost(account: Account): Promise<void> {
    const here = this.household.here(account);
    if (here.size === 0) return;
    const left = new Set((await this.#office.people.devices(account.id)).map(({ device }) => device));
    for (const device of here) {
      if (left.has(device)) continue;
      this.directory.dismiss(account, device, this.#office.clock());
      const why = account.disabled
        ? "This account was disabled"
        : "Who runs the server has signed this device out";
      this.household.signOut(account, { device }, why);
    }
  }

  #alone<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work, work);
    this.#last = done.catch(() => {}); // told to whoever asked for it
    return done;
  }
}
