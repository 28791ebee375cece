import { statementBytes } from "../../protocol/key_texts.ts";
import type { Statement } from "../../protocol/schema.ts";
import { MAX_KEY_DEVICES } from "../../protocol/limits.ts";
import { Refused } from "../refused.ts";
import type { KeysWorld } from "./keys.ts";
import type { Secrets } from "./secrets.ts";
import type { Standing } from "./steps.ts";

/** Packages that a device has with the server, at the least and when they are filled up; and how many go in one frame. */
const FEWEST = 10;
const FULL = 20;
const AT_ONCE = 10;
const FIRST = 5;
/** How often another device may come first with its statement. */
const TRIES = 5;

/** One's own account, among its devices: who has its keys, and what is published of them. */
export class Household {
  readonly #secrets: Secrets;
  readonly #world: KeysWorld;
  #refilling: Promise<void> | undefined;

  constructor(secrets: Secrets, world: KeysWorld) {
    this.#secrets = secrets;
    this.#world = world;
  }

  /**
   * Makes this a device of the account, and publishes what is needed. Resolves with how it stands; nothing where the
   * account has no keys yet and no password was given to make some. Rejects with `Refused`, `password_needed` where
   * other devices have keys that only the password opens.
   */
  async join(name: string, standing: Standing, exportKey: string | undefined): Promise<Standing | undefined> {
    for (let tries = 0;; tries++) {
      try {
        const { statement } = await this.#world.ask({ type: "keys", user: name });
        return await this.#settle(name, { standing, exportKey, statement });
      } catch (error) {
        if (!(error instanceof Refused && error.code === "stale_keys") || tries >= TRIES) throw error;
      }
    }
  }

  /** Fills up the packages of this device. */
  async refill(name: string, standing: Standing): Promise<void> {
    const { device, lastResort } = standing;
    let { packages: there } = await this.#world.ask({ type: "publish", device: device!.id });
    if (there >= FEWEST && lastResort) return;
    let last = lastResort ? [] : await this.#secrets.take("pack", { name, count: 1, last: true });
    while (there < FULL) {
      const count = Math.min(AT_ONCE, FULL - there);
      const packages = [...await this.#secrets.take("pack", { name, count, last: false })];
      const [resort] = last;
      const more = resort === undefined ? {} : { last_resort: resort };
      const answer = await this.#world.ask({ type: "publish", device: device!.id, packages, ...more });
      if (answer.packages <= there) return;
      there = answer.packages;
      last = [];
    }
  }

  /** The same in its own time: a package may have been used up. Never rejects: the next sign-in fills up as well. */
  refillSoon(name: string, standing: Standing): void {
    this.#refilling ??= this.refill(name, standing).catch(() => {}).finally(() =>
      this.#refilling = undefined
    );
  }

  async #settle(
    name: string,
    { standing, exportKey, statement }: {
      readonly standing: Standing;
      readonly exportKey: string | undefined;
      readonly statement: Statement | undefined;
    },
  ): Promise<Standing | undefined> {
    const mine = standing.identity !== undefined &&
      (statement === undefined || statement.key === standing.identity);
    let afresh = false;
    if (!mine && exportKey === undefined) {
      if (statement === undefined) return undefined;
      throw new Refused(
        "password_needed",
        "This device has no keys: sign in with the password once to read and send what is encrypted",
      );
    }
    if (!mine && !await this.#opens(statement, exportKey!)) {
      await this.#secrets.take("found", { exportKey: exportKey!, another: true });
      afresh = true;
    }
    const stands = await this.#secrets.take("device", {});
    const { identity, device } = stands;
    const known = statement?.key === identity ? statement?.devices ?? [] : [];
    const vault = exportKey !== undefined
      ? await this.#secrets.take("vault", { exportKey })
      : statement === undefined
      ? stands.vault // a process ended, or a link broke, before it was published
      : undefined;
    const there = known.some(({ id, key }) => id === device!.id && key === device!.key);
    if (there && !afresh) {
      if (vault !== undefined) await this.#world.ask({ type: "publish", vault });
      return stands;
    }
    const devices = [...known.filter(({ id }) => id !== device!.id), device!].slice(-MAX_KEY_DEVICES);
    const said = { key: identity!, counter: (statement?.counter ?? 0) + 1, devices };
    const signature = await this.#secrets.take("sign", { bytes: statementBytes(name, said) });
    // With its first packages: a device that is stated can be reached.
    const [last_resort] = await this.#secrets.take("pack", { name, count: 1, last: true });
    const packages = [...await this.#secrets.take("pack", { name, count: FIRST, last: false })];
    const published = { packages, last_resort, ...vault === undefined ? {} : { vault } };
    await this.#world.ask({
      type: "publish",
      statement: { ...said, signature },
      device: device!.id,
      ...published,
    });
    return { ...stands, lastResort: true };
  }

  /** Whether the vault of the account is there, and the password opens it to the key that is stated. */
  async #opens(statement: Statement | undefined, exportKey: string): Promise<boolean> {
    const { vault } = await this.#world.ask({ type: "vault" });
    if (vault === undefined || !await this.#secrets.take("unlock", { vault, exportKey })) return false;
    const { identity } = await this.#secrets.take("device", {});
    return statement === undefined || statement.key === identity;
  }
}
