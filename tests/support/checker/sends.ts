import type { Findings } from "./findings.ts";
import type { LineOf, Place } from "./history.ts";
import { brief, type Ledger, same, sendKey } from "./ledger.ts";

/** One message that a client set out to send, and what it was told about it. */
interface Send {
  readonly client: string;
  readonly name: string;
  /** Which life of the client it began in. */
  readonly life: number;
  readonly t: number;
  readonly conversation: string;
  readonly id: string;
  readonly hash: string;
  /** The highest seq of the conversation that anybody was told before this was attempted. */
  readonly after: number;
  kept: boolean;
  sent: number;
  /** The highest seq that anybody was told before it last left. */
  resentAfter: number;
  ack: Place | undefined;
  refused: string | undefined;
}

/** Everything that clients attempted, with its outcomes. */
export class Sends {
  readonly #findings: Findings;
  readonly #sends = new Map<string, Send>();
  /** The highest seq that anybody was told, by conversation. */
  readonly #told = new Map<string, number>();
  /** Answers that can only be the original entry of something sent again. */
  duplicates = 0;
  resent = 0;

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  get size(): number {
    return this.#sends.size;
  }

  /** When a send was first attempted, or nothing. */
  attempted(from: string, id: string): number | undefined {
    return this.#sends.get(sendKey(from, id))?.t;
  }

  attempt({ t, client, conversation, id, hash }: LineOf<"attempt">, name: string, life: number): void {
    const known = this.#sends.get(sendKey(name, id));
    if (known) {
      if (known.conversation !== conversation || known.hash !== hash) {
        this.#findings.add("id_reused", `${name}'s ${id}`, `for ${known.conversation} and ${conversation}`);
      }
      return;
    }
    const after = this.#told.get(conversation) ?? 0;
    const fate = { kept: false, sent: 0, resentAfter: 0, ack: undefined, refused: undefined };
    this.#sends.set(sendKey(name, id), { client, name, life, t, conversation, id, hash, after, ...fate });
  }

  /** Its bytes are on the client's disk, or left it. */
  went({ kind, id }: LineOf<"kept"> | LineOf<"sent">, name: string): void {
    const send = this.#sends.get(sendKey(name, id));
    if (!send) return;
    send.kept = true;
    if (kind === "kept") return;
    if (++send.sent > 1) this.resent++;
    send.resentAfter = send.sent > 1 ? this.#told.get(send.conversation) ?? 0 : 0;
  }

  ack(line: LineOf<"ack">): void {
    const { client, conversation, seq, from, id } = line;
    const send = this.#sends.get(sendKey(from, id));
    this.tell(conversation, seq);
    if (!send) {
      return this.#findings.add("ack_unattempted", `${conversation} ${seq}`, `${client}: ${brief(line)}`);
    }
    const { ack, refused, resentAfter } = send;
    if (ack && (!same(ack, line) || ack.seq !== seq || ack.conversation !== conversation)) {
      this.#findings.add("wrong_ack", `${from}'s ${id}`, `was told ${ack.seq}, then ${seq}`);
    }
    if (refused !== undefined && refused !== "expired") this.#twoOutcomes(send, refused);
    if (seq <= resentAfter) this.duplicates++;
    send.ack = line;
  }

  refused({ client, id, code }: LineOf<"refused">, name: string): void {
    const send = this.#sends.get(sendKey(name, id));
    if (!send) return this.#findings.add("ack_unattempted", `${name}'s ${id}`, `${client}: refused, ${code}`);
    if (send.ack && code !== "expired") this.#twoOutcomes(send, code);
    send.refused = code;
  }

  /** Somebody holds this place: what is attempted from now on comes later. */
  tell(conversation: string, seq: number): void {
    this.#told.set(conversation, Math.max(seq, this.#told.get(conversation) ?? 0));
  }

  /** At the end: what is there was sent, what was acknowledged is there, in the order in which it was sent. */
  judge(ledger: Ledger, { lives }: { readonly lives: ReadonlyMap<string, number> }): void {
    for (const place of ledger.places()) this.#genuine(place);
    const last = new Map<string, Place>();
    for (const send of this.#sends.values()) {
      this.#durable(send, ledger);
      const place = ledger.ofSend(send.name, send.id);
      if (place) this.#ordered(send, place, last);
      // What a client had not kept when it was killed was never said.
      const unsaid = !send.kept && send.life < (lives.get(send.client) ?? 0);
      if (!send.ack && send.refused === undefined && !unsaid) {
        this.#findings.add("no_outcome", `${send.client}'s ${send.id}`, `in ${send.conversation}`);
      }
    }
  }

  #genuine(place: Place): void {
    const { conversation, seq, from, id, hash } = place;
    const where = `${conversation} ${seq}`;
    const send = this.#sends.get(sendKey(from, id));
    if (!send) return this.#findings.add("fabricated", where, brief(place));
    if (send.conversation !== conversation || send.hash !== hash) {
      this.#findings.add("altered", where, `${brief(place)} was ${send.hash} for ${send.conversation}`);
    }
    if (send.refused !== undefined && send.refused !== "expired") {
      this.#findings.add("refused_yet_there", where, `${brief(place)} was refused: ${send.refused}`);
    }
  }

  #durable({ name, id, ack, conversation }: Send, ledger: Ledger): void {
    if (!ack || ack.seq < ledger.floor(ack.conversation)) return;
    const place = ledger.ofSend(name, id);
    if (!place) return this.#findings.add("lost", `${ack.conversation} ${ack.seq}`, brief(ack));
    if (place.seq !== ack.seq || place.conversation !== ack.conversation || !same(place, ack)) {
      this.#findings.add("wrong_ack", `${conversation} ${place.seq}`, `${brief(ack)} was told ${ack.seq}`);
    }
  }

  /** Sends are gone through in the order of their attempts. */
  #ordered(send: Send, place: Place, last: Map<string, Place>): void {
    const { conversation, seq } = place;
    if (seq <= send.after) {
      const detail = `${brief(place)} was attempted when ${send.after} was known already`;
      this.#findings.add("real_time", `${conversation} ${seq}`, detail);
    }
    const key = `${send.client} ${conversation}`;
    const before = last.get(key);
    if (before && before.seq > seq) {
      const detail = `${brief(place)} was attempted after ${brief(before)}, which is at ${before.seq}`;
      this.#findings.add("sender_order", `${conversation} ${seq}`, detail);
    }
    last.set(key, place);
  }

  #twoOutcomes({ name, id }: Send, code: string): void {
    this.#findings.add("two_outcomes", `${name}'s ${id}`, `acknowledged, and refused: ${code}`);
  }
}
