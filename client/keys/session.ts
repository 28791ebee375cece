import type { Statement } from "../../protocol/schema.ts";
import { Refused } from "../refused.ts";
import { Archive } from "./archive.ts";
import { Directory } from "./directory.ts";
import { Household } from "./household.ts";
import type { Body, KeysWorld, Opened } from "./keys.ts";
import { memberName } from "./member_name.ts";
import type { Pins } from "./pins.ts";
import type { Outcome } from "./receiver.ts";
import type { Secrets } from "./secrets.ts";
import type { Counters } from "./sender.ts";
import type { Standing } from "./steps.ts";
import { UNREADABLE } from "./unreadable.ts";

/** Another device of the account puts into the archive what it seals or opens, within a second: it is waited for. */
const PATIENCE_MS = 3_000;
const ASK_AGAIN_MS = 300;

/** A sealed whisper that came. */
export interface Sealed {
  readonly from: string;
  readonly to: string;
  readonly id: string;
  readonly seq: number;
  readonly sealed: string;
}

/** What a session works with. */
interface Parts {
  readonly secrets: Secrets;
  readonly pins: Pins;
  readonly standing: Standing;
  readonly world: KeysWorld;
}

/** One account's keys while a client is signed in to it: seals, opens, and sees to what is published. */
export class Session {
  readonly directory: Directory;
  readonly archive: Archive;
  readonly #name: string;
  readonly #secrets: Secrets;
  readonly #pins: Pins;
  readonly #world: KeysWorld;
  readonly #household: Household;
  #standing: Standing;
  /** When this device was one of the account's, by `performance.now()`. */
  #begun = 0;

  constructor(name: string, { secrets, pins, standing, world }: Parts) {
    this.#name = name;
    this.#secrets = secrets;
    this.#pins = pins;
    this.#standing = standing;
    this.#world = world;
    this.directory = new Directory(pins, world);
    this.archive = new Archive(secrets, world);
    this.#household = new Household(secrets, world);
  }

  /** Whether this device has keys of the account. */
  get keyed(): boolean {
    return this.#standing.identity !== undefined && this.#standing.device !== undefined;
  }

  /** Makes the keys of an account that is not there yet. */
  async found(exportKey: string): Promise<void> {
    this.#standing = await this.#secrets.take("found", { exportKey, another: false });
  }

  /** Joins the account's devices and catches up. Rejects with `Refused`. */
  async begin(exportKey: string | undefined): Promise<void> {
    const standing = await this.#household.join(this.#name, this.#standing, exportKey);
    if (standing === undefined) return;
    this.#standing = standing;
    this.stale(this.#name);
    await this.directory.readLog();
    await this.#household.refill(this.#name, standing);
    this.#standing = { ...standing, lastResort: true };
    this.archive.begin(standing.archived);
    await this.archive.read();
    this.#begun = performance.now();
    void this.archive.put();
  }

  /** What was sealed for keys of yesterday is a sign that all that is known of them is. */
  stale(name: string): void {
    this.directory.forget(name);
    this.directory.forget(this.#name);
  }

  /** Seals; nothing where the other has no keys and never had. Rejects with `Refused`. */
  async seal(
    to: string,
    { id, body }: { readonly id: string; readonly body: Body },
  ): Promise<{ readonly sealed: string; readonly keys: Counters } | undefined> {
    const theirs = await this.directory.statement(to);
    if (theirs === undefined) return undefined;
    this.directory.check(to);
    const own = await this.#mine();
    let counters: Counters = [theirs.counter, own.counter];
    if (!await this.#secrets.take("ready", { to, counters })) counters = await this.#start(to, own);
    await this.#pins.written();
    const log = this.#pins.log.head;
    const sealed = await this.#secrets.take("seal", { me: this.#name, to, id, body, log });
    if (sealed === undefined) {
      throw new Refused("too_long", "This is too long to be encrypted: send it in parts");
    }
    this.archive.due();
    return { sealed, keys: counters };
  }

  /** Opens what came at `came`, by `performance.now()`. Never rejects. */
  async open(entry: Sealed, came: number): Promise<Opened> {
    try {
      const first = await this.#open(entry);
      const outcome = "unreadable" in first ? await this.#again(entry, first, came) : first;
      if ("unreadable" in outcome) {
        return { unreadable: outcome.unreadable, message: UNREADABLE[outcome.unreadable] };
      }
      const other = entry.from === this.#name ? entry.to : entry.from;
      const { body, log, missing = 0, late = false, joined = false } = outcome;
      if (log !== undefined) {
        this.archive.due();
        void this.directory.compare(entry.from, log);
      }
      if (missing > 0) this.#tellMissing(entry.from, missing);
      if (late) this.#tell("late", entry.from, `A message of ${entry.from} that was missing has come by now`);
      if (joined) this.#household.refillSoon(this.#name, this.#standing);
      const verified = other === this.#name || this.directory.privacy(other) === "verified";
      return { body, seal: verified ? "verified" : "e2e" };
    } catch (error) {
      const { code, message } = error instanceof Refused ? error : new Refused("keys", String(error));
      return { unreadable: code, message };
    }
  }

  async #open(entry: Sealed): Promise<Outcome> {
    const { from, to } = entry;
    const other = from === this.#name ? to : from;
    const members = await this.#members(other);
    return await this.#secrets.take("open", { ...entry, with: other, members });
  }

  /** It may be that another device of the account has opened it, or that somebody has devices that are not known here yet. */
  async #again(
    entry: Sealed,
    first: Outcome & { readonly unreadable: string },
    came: number,
  ): Promise<Outcome> {
    switch (first.unreadable) {
      case "no_session":
        return await this.#fromOthers(entry, came);
      case "forged":
        this.stale(entry.from === this.#name ? entry.to : entry.from);
        return await this.#open(entry);
      default:
        return first;
    }
  }

  /**
   * Opens it once another device of the account has. Nobody else can make this wait: of what others send, only while
   * this device is new, since what they sent just before it was one was not for it.
   */
  async #fromOthers(entry: Sealed, came: number): Promise<Outcome> {
    const since = entry.from === this.#name ? Math.max(came, this.#begun) : this.#begun;
    while (true) {
      await this.archive.read();
      const outcome = await this.#open(entry);
      const found = !("unreadable" in outcome) || outcome.unreadable !== "no_session";
      if (found || performance.now() > since + PATIENCE_MS) return outcome;
      await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
    }
  }

  async #start(to: string, mine: Statement): Promise<Counters> {
    const answer = await this.directory.look(to, { take: true });
    this.directory.check(to);
    const theirs = answer.statement;
    const self = to === this.#name;
    if (theirs === undefined) throw new Refused("no_key", `${to} has no keys any more`);
    const own = self || mine.devices.length < 2
      ? undefined
      : await this.directory.look(this.#name, { take: true });
    const statement = own?.statement ?? mine;
    const stated = new Set(theirs.devices.map(({ id }) => id));
    const packages = [
      ...(answer.packages ?? []).filter(({ device }) => stated.has(device)),
      ...own?.packages ?? [],
    ].filter(({ device }) => device !== this.#standing.device!.id).map((each) => each.package);
    const reached = (answer.packages ?? []).some(({ device }) => stated.has(device));
    if (!reached && !self) {
      throw new Refused(
        "no_device",
        `No device of ${to} can be reached with encryption yet: try again later`,
      );
    }
    const counters: Counters = [theirs.counter, self ? theirs.counter : statement.counter];
    const members = await this.#members(to);
    try {
      await this.#secrets.take("start", { me: this.#name, to, counters, packages, members });
    } catch (error) {
      throw this.directory.alarm(
        "key_forged",
        to,
        `The server hands out keys that are not those of ${to}: nothing is sent (${
          (error as Error).message
        })`,
      );
    }
    return counters;
  }

  /** The devices of both, by their names in MLS. */
  async #members(other: string): Promise<Map<string, string>> {
    const theirs = other === this.#name ? undefined : await this.directory.statement(other);
    const own = await this.#mine();
    const of = (name: string, statement: Statement | undefined) =>
      (statement?.devices ?? []).map(({ id, key }) => [memberName(name, id), key] as const);
    return new Map([...of(other, theirs), ...of(this.#name, own)]);
  }

  async #mine(): Promise<Statement> {
    const own = await this.directory.statement(this.#name);
    if (own === undefined || !this.keyed) {
      throw new Refused("password_needed", "This device has no keys: sign in with the password once");
    }
    if (own.key !== this.#standing.identity) {
      throw new Refused("password_needed", "The account has other keys by now: sign in with the password");
    }
    return own;
  }

  #tellMissing(name: string, count: number): void {
    const what = count === 1 ? "1 message" : `${count} messages`;
    const come =
      `${what} of ${name} before this one did not come: the server has lost or held back something`;
    this.#tell("missing", name, come);
  }

  #tell(code: string, name: string, message: string): void {
    this.#world.tell({ kind: "keys", code, with: name, message });
  }
}
