import { openBody } from "./body.ts";
import { fromUtf8, sha256, toBytes, toText } from "./encoding.ts";
import { headerBytes } from "./header.ts";
import type { Body } from "./keys.ts";
import type { Group, Ledger } from "./ledger.ts";
import { memberName } from "./member_name.ts";
import type { Members, Mls } from "./mls.ts";
import { type Header, readHeader } from "./records.ts";
import { readSealed, type SealedForm } from "./sealed_form.ts";

/** An entry to be opened. */
export interface Openable {
  readonly from: string;
  readonly to: string;
  readonly id: string;
  readonly seq: number;
  readonly sealed: string;
  /** With whom the conversation is, seen from here. */
  readonly with: string;
  /** The devices that the two have stated. */
  readonly members: Members;
}

/**
 * What came of it. `log`: how far the sender knows the key log; `missing`: messages before it that have not come; `late`:
 * one that was missing; `joined`: one that let this device into a group, and may have used up a package.
 */
export type Outcome =
  | {
    readonly body: Body;
    readonly log?: readonly [number, string];
    readonly missing?: number;
    readonly late?: boolean;
    readonly joined?: boolean;
  }
  | { readonly unreadable: "version" | "malformed" | "no_session" | "decrypt" | "replay" | "forged" };

/** Opens what others have sealed, and what this device and others of the account have opened before. */
export class Receiver {
  readonly #ledger: Ledger;
  readonly #mls: Mls;

  constructor(ledger: Ledger, mls: Mls) {
    this.#ledger = ledger;
    this.#mls = mls;
  }

  async open(entry: Openable): Promise<Outcome> {
    const form = readSealed(entry.sealed);
    if (form === undefined) return { unreadable: "malformed" };
    if (form === "version") return { unreadable: "version" };
    return await this.#again(entry, form) ?? await this.#first(entry, form);
  }

  /** With a key that is known: it was opened or sealed before, here or on another device. */
  async #again(entry: Openable, { body: closed }: SealedForm): Promise<Outcome | undefined> {
    const { with: other, id, seq } = entry;
    for (const known of this.#ledger.keys(other, id)) {
      const body = await openBody(closed, toBytes(known.key), entry);
      if (body === undefined) continue;
      if (known.seq !== undefined && known.seq !== seq) return { unreadable: "replay" };
      if (known.seq === undefined) {
        this.#ledger.note({ kind: "key", key: { ...known, seq }, archived: false });
      }
      return { body };
    }
    return undefined;
  }

  async #first(entry: Openable, form: SealedForm): Promise<Outcome> {
    const group = toText(form.group);
    const known = this.#ledger.groups.get(group);
    const joined = known === undefined ? await this.#join(entry, form) : undefined;
    if (joined !== undefined && "unreadable" in joined) return joined;
    const state = known?.state ?? joined?.state;
    if (state === undefined) return { unreadable: "no_session" };
    const got = await this.#mls.receive(state, form.message).catch(() => undefined);
    if (got === undefined) return { unreadable: "decrypt" };
    const header = await this.#genuine(got.plain, group, { entry, form, known });
    if (header === undefined) return { unreadable: "forged" };
    const { with: other, from, id, seq } = entry;
    const body = await openBody(form.body, toBytes(header.key), entry);
    if (body === undefined) return { unreadable: "decrypt" };
    const { device, n, key, log } = header;
    if (joined?.spent !== undefined) this.#ledger.note({ kind: "spent", ref: joined.spent });
    const had = known?.n ?? 0;
    this.#ledger.note({
      kind: "group",
      id: group,
      from,
      device,
      n: Math.max(n, had),
      state: toText(got.state),
    });
    const before = this.#ledger.keys(other, id).length > 0;
    this.#ledger.note({ kind: "key", key: { with: other, id, seq, key }, archived: false });
    if (before) return { unreadable: "replay" };
    return { body, log, missing: Math.max(0, n - had - 1), late: n < had, joined: joined !== undefined };
  }

  async #join(
    { members }: Openable,
    { welcome }: SealedForm,
  ): Promise<
    { state: Uint8Array; spent: string | undefined } | Outcome & { unreadable: string } | undefined
  > {
    if (welcome.length === 0) return undefined;
    try {
      const ref = this.#mls.invited(welcome).find((ref) => this.#ledger.packages.has(ref));
      if (ref === undefined) return undefined;
      const mine = this.#ledger.packages.get(ref)!;
      const state = await this.#mls.join(welcome, mine, members);
      return { state, spent: mine.last ? undefined : ref };
    } catch {
      return { unreadable: "forged" };
    }
  }

  /** The header, if the device that says so has written it, for this very entry and body. */
  async #genuine(
    plain: Uint8Array,
    group: string,
    { entry, form, known }: {
      readonly entry: Openable;
      readonly form: SealedForm;
      readonly known: Group | undefined;
    },
  ): Promise<Header | undefined> {
    try {
      const { signature, ...header } = readHeader(fromUtf8(plain));
      const { device, from, to, id, n, hash } = header;
      const fits = from === entry.from && to === entry.to && id === entry.id &&
        hash === await sha256(form.body) && n !== known?.n &&
        (known === undefined || known.device === device && known.from === from);
      const key = entry.members.get(memberName(from, device));
      if (!fits || key === undefined) return undefined;
      const signed = headerBytes(group, header);
      const genuine = await this.#mls.suite.signature.verify(toBytes(key), signed, toBytes(signature));
      return genuine ? { ...header, signature } : undefined;
    } catch {
      return undefined;
    }
  }
}
