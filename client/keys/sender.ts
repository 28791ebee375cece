import { closeBody } from "./body.ts";
import { type Bytes, random, sha256, toBytes, toText, utf8 } from "./encoding.ts";
import { headerBytes } from "./header.ts";
import type { Body } from "./keys.ts";
import type { Ledger } from "./ledger.ts";
import { memberName } from "./member_name.ts";
import type { Members, Mls } from "./mls.ts";
import { MOST_MESSAGES } from "./mls_config.ts";
import { writeSealed } from "./sealed_form.ts";

const GROUP_BYTES = 16;
const KEY_BYTES = 32;
const NOTHING = new Uint8Array(0);

/** The counters of the statements that a group was made for: the other's, one's own. */
export type Counters = readonly [theirs: number, own: number];

interface Sending {
  readonly group: Bytes;
  readonly counters: Counters;
  readonly welcome: Bytes;
  state: Uint8Array;
  n: number;
}

/** What is sealed, and what stands around it. */
export interface Sealable {
  readonly me: string;
  readonly to: string;
  readonly id: string;
  readonly body: Body;
  /** How far the sender knows the key log. */
  readonly log: readonly [n: number, hash: string];
}

/**
 * Seals for one partner after the other, in a group of its own for each. Groups to write in live as long as the process:
 * whatever is restored from a disk, nothing is ever encrypted twice in the same way.
 */
export class Sender {
  readonly #ledger: Ledger;
  readonly #mls: Mls;
  readonly #groups = new Map<string, Sending>();

  constructor(ledger: Ledger, mls: Mls) {
    this.#ledger = ledger;
    this.#mls = mls;
  }

  /** Whether there is a group for these statements. */
  ready(to: string, [theirs, own]: Counters): boolean {
    const group = this.#groups.get(to);
    return group !== undefined && group.n < MOST_MESSAGES && group.counters[0] === theirs &&
      group.counters[1] === own;
  }

  /** Makes a group; `packages` are those of all other devices. Throws where one is none of `members`, or cannot be used. */
  async start(
    { me, to, counters, packages, members }: {
      readonly me: string;
      readonly to: string;
      readonly counters: Counters;
      readonly packages: readonly string[];
      readonly members: Members;
    },
  ): Promise<void> {
    const { id, pair } = this.#ledger.device!;
    const group = random(GROUP_BYTES);
    const mine = await this.#mls.packageFor(memberName(me, id), pair);
    const { state, welcome } = await this.#mls.start(group, mine, packages.map(toBytes), members);
    this.#groups.set(to, { group, counters, welcome: welcome.slice(), state, n: 0 });
  }

  /** Seals in the group there is. Nothing where the body is too long. */
  async seal({ me: from, to, id, body, log }: Sealable): Promise<string | undefined> {
    const sending = this.#groups.get(to)!;
    const { id: device, pair } = this.#ledger.device!;
    const key = random(KEY_BYTES);
    const closed = await closeBody(body, key, { from, to, id });
    if (closed === undefined) return undefined;
    const n = sending.n + 1;
    const hash = await sha256(closed);
    const said = { v: 1, device, from, to, id, n, key: toText(key), hash, log: [log[0], log[1]] } as const;
    const bytes = headerBytes(toText(sending.group), { ...said, log: [log[0], log[1]] });
    const signature = toText(await this.#mls.suite.signature.sign(pair.signKey, bytes));
    const sent = await this.#mls.send(sending.state, utf8(JSON.stringify({ ...said, signature })));
    sending.state = sent.state;
    sending.n = n;
    this.#ledger.note({ kind: "key", key: { with: to, id, key: toText(key) }, archived: false });
    const welcome = n === 1 ? sending.welcome : NOTHING;
    return writeSealed({ group: sending.group, welcome, message: sent.message.slice(), body: closed });
  }
}
