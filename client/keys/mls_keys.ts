import { Refused } from "../refused.ts";
import type { Keys, KeysWorld, Opened, Privacy, SafetyWords } from "./keys.ts";
import { reason } from "../memory/own_file.ts";
import { Patience } from "./patience.ts";
import { Pins } from "./pins.ts";
import { safetyWords } from "./safety_words.ts";
import { Secrets } from "./secrets.ts";
import { type Sealed, Session } from "./session.ts";
import { Slot } from "./slot.ts";

/** What is open for one account. */
interface Desk {
  readonly name: string;
  readonly slot: Slot;
  readonly secrets: Secrets;
  readonly pins: Pins;
  readonly session: Session;
}

/** Keys by MLS, the secrets in a Worker, all of it kept in a folder of the account's. */
export class MlsKeys implements Keys {
  readonly #folder: (name: string) => string | undefined;
  readonly #world: KeysWorld;
  #desk: Promise<Desk> | undefined;
  #open: Desk | undefined;
  /** With the disk, while a desk is open. */
  #patience = this.#patient();
  /** The password was given, and what is to be done with it is not done yet. */
  #proof: { readonly name: string; readonly exportKey: string } | undefined;
  /** Resolves when what was begun at the last sign-in is done; rejects with why it was not. */
  #ready: Promise<void> = Promise.reject(new Refused("keys", "Sign in first"));
  /** Resolves at the next sign-in, or when there will be none. */
  #next = Promise.withResolvers<void>();
  #over = false;
  /** Entries of one conversation are opened one after the other. */
  #opening: Promise<unknown> = Promise.resolve();

  /** `folder`: where the keys of an account of this name are kept; nothing: only as long as the process lives. */
  constructor(world: KeysWorld, folder: (name: string) => string | undefined) {
    this.#world = world;
    this.#folder = folder;
    this.#ready.catch(() => {});
  }

  async found({ name, exportKey }: Parameters<Keys["found"]>[0]): Promise<void> {
    await this.#patience.orTrouble(this.#deskOf(name).then(({ session }) => session.found(exportKey)));
  }

  signedIn({ name, exportKey }: { readonly name: string; readonly exportKey?: string }): void {
    this.#next.resolve();
    this.#next = Promise.withResolvers();
    if (exportKey !== undefined) this.#proof = { name, exportKey };
    this.#ready = this.#begin(name, this.#ready.catch(() => {}));
    this.#ready.catch((error) => this.#failed(error));
  }

  async vaultFor(exportKey: string): Promise<string | undefined> {
    await this.#ready.catch(() => {});
    return this.#open?.session.keyed ? await this.#open.secrets.take("vault", { exportKey }) : undefined;
  }

  privacy(name: string): Privacy {
    return this.#open?.session.keyed ? this.#open.session.directory.privacy(name) : "plain";
  }

  async look(name: string): Promise<Privacy> {
    await this.#ready;
    if (this.#open!.session.keyed) await this.#open!.session.directory.statement(name);
    return this.privacy(name);
  }

  async seal(whisper: Parameters<Keys["seal"]>[0]): ReturnType<Keys["seal"]> {
    await this.#ready;
    const { session } = this.#open!;
    return session.keyed ? await session.seal(whisper.to, whisper) : undefined;
  }

  async settle(): Promise<void> {
    await this.#open?.session.archive.put();
  }

  stale(name: string): void {
    this.#open?.session.stale(name);
  }

  async open(entry: Sealed): Promise<Opened> {
    const came = performance.now();
    const opening = this.#opening.then(() => this.#opened(entry, came));
    this.#opening = opening;
    return await opening;
  }

  async words(name: string): Promise<SafetyWords> {
    await this.#ready;
    const { session, pins, name: me } = this.#open!;
    if (name === me) throw new Refused("keys", "There is nobody to compare with but yourself");
    await session.directory.look(name, { take: false });
    const own = await session.directory.statement(me);
    const pin = pins.of(name);
    if (pin === undefined || own === undefined) {
      throw new Refused("no_key", `${name} has no keys to be compared`);
    }
    return await safetyWords({ name: me, key: own.key }, { name, key: pin.other ?? pin.key });
  }

  async confirm(name: string): Promise<void> {
    await this.#ready;
    await this.#open!.session.directory.confirm(name);
  }

  async accept(name: string): Promise<void> {
    await this.#ready;
    await this.#open!.session.directory.accept(name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over = true;
    this.#next.resolve();
    await this.#close();
  }

  /** Where the link breaks over it, it is opened over the next one. */
  async #opened(entry: Sealed, came: number): Promise<Opened> {
    while (true) {
      const { promise: next } = this.#next;
      try {
        await this.#patience.orTrouble(this.#ready);
      } catch { /* what is known on this device may do */ }
      if (!this.#open) return { unreadable: "no_keys", message: "this device has no keys" };
      const opened = await this.#open.session.open(entry, came);
      if (!("unreadable" in opened) || opened.unreadable !== "offline" || this.#over) return opened;
      await next;
    }
  }

  async #begin(name: string, before: Promise<void>): Promise<void> {
    await before;
    this.#open = await this.#deskOf(name);
    const proof = this.#proof?.name === name ? this.#proof : undefined;
    await this.#open.session.begin(proof?.exportKey);
    if (this.#proof === proof) this.#proof = undefined;
  }

  async #deskOf(name: string): Promise<Desk> {
    if (this.#desk && (await this.#desk).name !== name) await this.#close();
    return await (this.#desk ??= this.#openDesk(name));
  }

  async #openDesk(name: string): Promise<Desk> {
    const patience = this.#patience;
    const slot = await patience.until(() => Slot.open(this.#folder(name)));
    const { key, journal, siblings } = slot;
    const secrets = new Secrets(journal, patience);
    journal?.cut(await secrets.take("load", { key, journal: journal.found }));
    const standing = await secrets.take("adopt", { siblings });
    const pins = await Pins.open(slot, patience);
    const session = new Session(name, { secrets, pins, standing, world: this.#world });
    return { name, slot, secrets, pins, session };
  }

  async #close(): Promise<void> {
    this.#patience[Symbol.dispose]();
    const desk = await this.#desk?.catch(() => undefined);
    this.#desk = this.#open = undefined;
    this.#patience = this.#patient();
    if (desk === undefined) return;
    desk.session.archive.stop();
    await desk.secrets[Symbol.asyncDispose]();
    await desk.pins.written().catch(() => {});
    desk.slot[Symbol.dispose](); // nobody writes there any more
  }

  #patient(): Patience {
    return new Patience((trouble) => {
      const message = `Keys cannot be kept on disk: ${reason(trouble)}. ` +
        "What has to be encrypted is sent as soon as they can";
      this.#world.tell({ kind: "keys", code: "not_saved", with: undefined, message });
    });
  }

  #failed(error: unknown): void {
    if (error instanceof Refused && (error.code === "offline" || error.code === "ended")) return; // the next sign-in tries again
    const { code, message } = error instanceof Refused
      ? error
      : new Refused("keys", `No encryption: ${String(error)}`);
    this.#world.tell({ kind: "keys", code, with: undefined, message });
  }
}
