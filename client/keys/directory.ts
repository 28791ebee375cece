import type { Event, Statement } from "../../protocol/schema.ts";
import { Refused } from "../refused.ts";
import type { KeysWorld, Privacy } from "./keys.ts";
import type { Pins } from "./pins.ts";
import { isGenuine, isSound } from "./statement.ts";

type Answer = Extract<Event, { type: "keys" }>;

const FORGED = "The server shows keys that their owner has not signed: nothing is sent";
const REFUSED: Readonly<Record<string, string>> = {
  key_changed: "has another key than before, so this was not sent: ask them, then /verify shows what to do",
  key_forged: "The server shows keys that anybody could sign with: nothing is sent",
  key_rollback: "The server shows keys of the past: nothing is sent",
  no_key: "had keys, and the server shows none: this was not sent, for it would not be encrypted",
};

/** Whose keys are whose: what the server says, as far as it can be believed. */
export class Directory {
  readonly #pins: Pins;
  readonly #world: KeysWorld;
  /** Statements that were looked at in this process, and are not known to be old. */
  readonly #statements = new Map<string, Statement | undefined>();
  /** Who was told of already. */
  readonly #told = new Set<string>();

  constructor(pins: Pins, world: KeysWorld) {
    this.#pins = pins;
    this.#world = world;
  }

  /** How a conversation stands, as far as is known. */
  privacy(name: string): Privacy {
    const pin = this.#pins.of(name);
    if (pin === undefined) return "plain";
    return pin.other !== undefined ? "changed" : pin.verified ? "verified" : "e2e";
  }

  /** What is known may be old. */
  forget(name: string): void {
    this.#statements.delete(name);
  }

  /** What somebody has stated, nothing where there is none and never was. Rejects with `Refused` where it cannot be believed. */
  async statement(name: string): Promise<Statement | undefined> {
    if (this.#statements.has(name)) return this.#statements.get(name);
    return (await this.look(name, { take: false })).statement;
  }

  /** Asks the server, and judges what it says; `take`: with a package of each device. */
  async look(name: string, { take }: { readonly take: boolean }): Promise<Answer> {
    const answer = await this.#world.ask(
      take ? { type: "keys", user: name, take } : { type: "keys", user: name },
    );
    const before = this.privacy(name);
    await this.#judge(name, answer);
    this.#statements.set(name, answer.statement);
    const after = this.privacy(name);
    if (after !== before) this.#world.tell({ kind: "privacy", with: name, privacy: after });
    return answer;
  }

  /** Throws where nothing may be sent to somebody now. */
  check(name: string): void {
    if (this.privacy(name) === "changed") throw refused("key_changed", name);
  }

  /** The words were the same. */
  async confirm(name: string): Promise<void> {
    const pin = this.#pins.of(name);
    if (pin === undefined) throw new Refused("no_key", `${name} has no keys to be compared`);
    this.check(name);
    await this.#change(name, { ...pin, verified: true });
  }

  /** Another key is theirs from now on. */
  async accept(name: string): Promise<void> {
    const pin = this.#pins.of(name);
    if (pin?.other === undefined) throw new Refused("keys", `${name} has no other key than before`);
    const { other, ...known } = pin;
    await this.#change(name, { ...known, key: other, counter: 0, signature: "", verified: false });
    this.forget(name);
    await this.look(name, { take: false });
  }

  /** Reads on in the key log, up to `n` at the least if there is so much. Rejects where it was rewritten. */
  async readLog(n = Infinity): Promise<void> {
    const { log } = this.#pins;
    while (log.head[0] < n) {
      const { entries, more } = await this.#world.ask({ type: "key_log", after: log.head[0] });
      const [before] = log.head;
      const follows = await log.take(entries);
      if (log.head[0] !== before) await this.#pins.write();
      if (!follows) {
        throw this.alarm(
          "key_log",
          undefined,
          "The server has rewritten its list of keys: somebody may pose as others",
        );
      }
      if (!more || entries.length === 0) return;
    }
  }

  /** What somebody else has seen of the log has to be what is seen here. Never rejects. */
  async compare(name: string, [n, hash]: readonly [number, string]): Promise<void> {
    try {
      if (this.#pins.log.hashAt(n) === undefined) await this.readLog(n);
    } catch { /* told already, or asked again with the next message */ }
    const here = this.#pins.log.hashAt(n);
    if (here === hash) return;
    const message = here === undefined
      ? `The server hides keys from you that ${name} has seen: somebody may pose as others. Trust no key that you have not compared`
      : `The server shows you and ${name} different keys: somebody poses as others. Trust no key that you have not compared`;
    this.alarm("split_view", name, message);
  }

  /** Tells of something grave, once. */
  alarm(code: string, about: string | undefined, message: string): Refused {
    const key = `${code} ${about}`;
    if (!this.#told.has(key)) this.#world.tell({ kind: "keys", code, with: about, message });
    this.#told.add(key);
    return new Refused(code, message);
  }

  async #judge(name: string, { statement, n = 0 }: Answer): Promise<void> {
    const pin = this.#pins.of(name);
    if (statement === undefined) {
      if (pin !== undefined) throw this.alarm("no_key", name, `${name} ${REFUSED["no_key"]}`);
      return;
    }
    if (!isSound(statement)) throw this.alarm("key_forged", name, `${name}: ${REFUSED["key_forged"]}`);
    if (!await isGenuine(name, statement)) throw this.alarm("key_forged", name, FORGED);
    await this.readLog(n);
    const { key, counter, signature, devices } = statement;
    if (this.#pins.log.keyOf(name) !== key) {
      const message =
        `The server shows a key of ${name} that is not the last one in its list: nothing is sent`;
      throw this.alarm("split_view", name, message);
    }
    const ids = devices.map(({ id }) => id);
    const fresh: Pin = { key, counter, signature, devices: ids, verified: false };
    if (pin === undefined) return await this.#pins.set(name, fresh);
    if (pin.key !== key) return await this.#another(name, pin, key);
    const old = counter < pin.counter || counter === pin.counter && pin.signature !== signature;
    if (old) throw this.alarm("key_rollback", name, `${name}: ${REFUSED["key_rollback"]}`);
    const { other: _, ...known } = pin;
    if (pin.counter === counter && pin.other === undefined) return;
    await this.#pins.set(name, { ...known, counter, signature, devices: ids });
    if (pin.counter > 0 && ids.some((id) => !pin.devices.includes(id))) {
      this.#world.tell({ kind: "keys", code: "new_device", with: name, message: `${name} has a new device` });
    }
  }

  async #another(name: string, pin: Pin, other: string): Promise<void> {
    if (pin.other !== other) {
      await this.#pins.set(name, { ...pin, other });
      const what = pin.verified ? ", though you had compared it" : "";
      const message = `The key of ${name} has changed${what}: nothing is sent until you take the new one. ` +
        `Ask ${name}, then /verify ${name} shows what to do`;
      this.#world.tell({ kind: "keys", code: "key_changed", with: name, message });
    }
  }

  async #change(name: string, pin: Pin): Promise<void> {
    await this.#pins.set(name, pin);
    this.#world.tell({ kind: "privacy", with: name, privacy: this.privacy(name) });
  }
}

type Pin = NonNullable<ReturnType<Pins["of"]>>;

function refused(code: string, name: string): Refused {
  return new Refused(code, `${name} ${REFUSED[code]}`);
}
