import { DATABASE, openFolder } from "../data_folder.ts";
import type { Log } from "../log.ts";
import { Checkup } from "../store/checkup.ts";
import type { Counts } from "../store/database_check.ts";
import { SqliteStore } from "../store/store_client.ts";
import { CHANGED } from "./database.ts";

/** How often it is looked whether an operator has changed people: they shall notice within a second. */
const LOOK_MS = 400;

/** The data of a server that runs, and what is watched about them. */
export class Kept implements Disposable {
  readonly store: SqliteStore;
  /** Whether others than its owner may look into the folder. */
  readonly openToOthers: boolean;
  /** Resolves with the reason when the data cannot be relied on any more. */
  readonly failed: Promise<Error>;
  readonly #checkup: Checkup;
  /** What {@linkcode CHANGED} was when people were read last. */
  #changed: string | undefined;
  #looking: ReturnType<typeof setInterval> | undefined;

  private constructor(
    store: SqliteStore,
    { checkup, openToOthers, changed }: {
      readonly checkup: Checkup;
      readonly openToOthers: boolean;
      readonly changed: string | undefined;
    },
  ) {
    this.store = store;
    this.#changed = changed;
    this.openToOthers = openToOthers;
    this.#checkup = checkup;
    const damage = checkup.done.then(() => store.failed, (error: Error) => error);
    this.failed = Promise.race([store.failed, damage]);
  }

  /** Rejects as `SqliteStore.open` does. */
  static async open(folder: string): Promise<Kept> {
    const { openToOthers } = await openFolder(folder);
    const store = await SqliteStore.open({ folder });
    const changed = await store.people.setting(CHANGED);
    return new Kept(store, { checkup: new Checkup(folder, `${folder}/${DATABASE}`), openToOthers, changed });
  }

  /** How much there was at the start. */
  get counts(): Promise<Counts> {
    return this.#checkup.counts;
  }

  /** Calls `reload` whenever an operator has changed people. */
  watch(reload: () => Promise<void>, log: Log): void {
    let busy = false;
    const look = async () => {
      const changed = await this.store.people.setting(CHANGED);
      if (changed === this.#changed) return;
      this.#changed = changed; // before what it stands for is read
      await reload();
      log("accounts_read_again");
    };
    this.#looking = setInterval(() => {
      if (busy) return;
      busy = true;
      look().catch(() => {}).finally(() => busy = false); // told by `failed`
    }, LOOK_MS);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#looking);
    this.#checkup[Symbol.dispose]();
  }
}
