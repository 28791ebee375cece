import { AccountKeys } from "../../client/keys/account_keys.ts";
import { random, toText } from "../../client/keys/encoding.ts";
import { Ledger } from "../../client/keys/ledger.ts";
import { memberName } from "../../client/keys/member_name.ts";
import { Mls } from "../../client/keys/mls.ts";
import { type Openable, type Outcome, Receiver } from "../../client/keys/receiver.ts";
import { Sender } from "../../client/keys/sender.ts";

const COUNTERS = [1, 1] as const;
const LOG = [2, "ab".repeat(32)] as const;

/** One device of somebody with all its secrets, and without a thread between them and a test. */
export class Correspondent {
  readonly name: string;
  readonly ledger = new Ledger();
  readonly mls: Mls;
  readonly account: AccountKeys;
  readonly #sender: Sender;
  readonly #receiver: Receiver;

  private constructor(name: string, mls: Mls) {
    this.name = name;
    this.mls = mls;
    this.account = new AccountKeys(this.ledger, mls);
    this.#sender = new Sender(this.ledger, mls);
    this.#receiver = new Receiver(this.ledger, mls);
  }

  static async make(name: string): Promise<Correspondent> {
    const made = new Correspondent(name, await Mls.open());
    await made.account.found(toText(random(64)), { another: false });
    await made.account.device();
    return made;
  }

  /** By its name in MLS: its key. */
  get member(): readonly [string, string] {
    const { id, pair } = this.ledger.device!;
    return [memberName(this.name, id), toText(pair.publicKey)];
  }

  async packages(count = 1): Promise<string[]> {
    return await this.account.pack(this.name, count, { last: false });
  }

  /** Seals; in a new group where one is to be begun. */
  async seal(to: Correspondent, { id, text, anew = false }: { id: string; text: string; anew?: boolean }) {
    const [me, other] = [this.name, to.name];
    if (anew || !this.#sender.ready(other, COUNTERS)) {
      const members = new Map([this.member, to.member]);
      const packages = await to.packages();
      await this.#sender.start({ me, to: other, counters: COUNTERS, packages, members });
    }
    return (await this.#sender.seal({ me, to: other, id, body: { text }, log: LOG }))!;
  }

  async open(
    from: Correspondent,
    { id, sealed, ...more }: { readonly id: string; readonly sealed: string } & Partial<Openable>,
  ): Promise<Outcome> {
    const members = new Map([this.member, from.member]);
    const place = { from: from.name, to: this.name, with: from.name, seq: 1 };
    return await this.#receiver.open({ ...place, members, id, sealed, ...more });
  }
}
