import { Accounts } from "./accounts.ts";
import { Backoff } from "./backoff.ts";
import type { ChatClientOptions } from "./chat_client_options.ts";
import type { ClientEvent, Draft } from "./client_event.ts";
import { Connector } from "./connector.ts";
import { onWire } from "./conversation.ts";
import { Cursors } from "./cursors.ts";
import { disposed } from "./disposed.ts";
import { refusalOf } from "./draft_request.ts";
import { EventQueue } from "./event_queue.ts";
import type { Transfers } from "./files/transfers.ts";
import { Greeter } from "./greeter.ts";
import { Homecoming } from "./homecoming.ts";
import { Identity } from "./identity.ts";
import { Inbox } from "./inbox.ts";
import { Keeping } from "./keeping.ts";
import { Opener } from "./opener.ts";
import { Outbox } from "./outbox.ts";
import { People } from "./people.ts";
import { ReadMarks } from "./read_marks.ts";
import { Refused } from "./refused.ts";
import { Requests } from "./requests.ts";
import { Sealing } from "./sealing.ts";
import { within } from "./within.ts";

/** How long a goodbye waits for the disk. */
const KEEP_MS = 1_000;

/** The parts of a client, and how they hang together. */
export class Engine {
  readonly events = new EventQueue<ClientEvent>();
  readonly #emit = (event: ClientEvent | Promise<ClientEvent>) => this.events.push(event);
  readonly identity: Identity;
  readonly keeping: Keeping;
  readonly people = new People();
  readonly outbox = new Outbox({
    prepare: (draft) => this.sealing.prepare(draft),
    send: (request) => this.connector.send(request),
    refused: (draft, why) => this.#refused(draft, why),
  });
  readonly requests = new Requests((request) => {
    this.events.release();
    this.connector.send(request);
  });
  readonly marks = new ReadMarks({
    send: (request) => this.connector.send(request),
    keep: (to, seq) => this.keeping.read(to, seq),
  });
  readonly cursors = new Cursors({
    show: (to, entry) => this.#inbox.show(to, entry),
    placed: (to, seq, back) => {
      if (back) this.keeping.forget(to);
      this.keeping.seen(to, seq);
    },
    gap: (to, from, until, why) => this.#emit({ kind: "gap", to, from, until, why }),
    fetch: (to, before, limit) =>
      this.requests.ask({ type: "history", room: onWire(to), before, limit }, { again: false }),
    overflow: () => this.connector.breakLink("too much came out of order"),
  });
  readonly greeter: Greeter;
  readonly accounts: Accounts;
  readonly connector: Connector;
  readonly #homecoming: Homecoming;
  readonly #inbox: Inbox;
  readonly opener: Opener;
  readonly sealing: Sealing;
  readonly files: Transfers | undefined;
  readonly #pake: ChatClientOptions["pake"];
  #closing: Promise<unknown> | undefined;
  /** A guest takes leave, and will be somebody new when it comes again. */
  #leaving = false;

  constructor(options: ChatClientOptions) {
    const { name, version, device, memory, pake, dial, random = Math.random, backoff, pulse } = options;
    this.#pake = pake;
    const keys = options.keys?.({
      ask: (request) => this.requests.ask(request, { again: false }),
      tell: this.#emit,
    });
    this.opener = new Opener(keys);
    this.files = options.files?.({
      linked: () => this.requests.linked(),
      dial: () => dial((message) => this.#emit({ kind: "notice", code: "dial", message })),
      offer: (to, text, more) => this.outbox.has(more.id) || this.say(to, text, more),
      tell: (transfer) => this.#emit({ kind: "transfer", transfer }),
    });
    this.sealing = new Sealing(keys, () => this.identity);
    this.keeping = new Keeping(memory, this.#emit);
    this.identity = new Identity(name, { version, device, remembered: memory?.remembered });
    this.greeter = new Greeter({
      identity: this.identity,
      pake,
      sealing: this.sealing,
      hello: (proof) => this.connector.say(this.#homecoming.resume(this.identity.hello(proof))),
      say: (request) => this.connector.say(request),
      forgotten: () => this.#forgotten(),
      wanted: (event) => {
        this.connector.ask();
        this.#emit(event);
      },
      nameRefused: (code, message) => this.connector.nameRefused(code, message),
      stand: () => this.connector.ask(),
      giveUp: (code, message) => this.connector.giveUp(code, message),
    });
    const { identity, keeping, cursors, people, marks, requests, outbox, sealing, opener, greeter } = this;
    const shared = { identity, keeping, cursors, people, marks, requests, outbox, emit: this.#emit };
    this.#homecoming = new Homecoming({
      ...shared,
      sealing,
      online: () => {
        this.connector.welcomed();
        this.files?.resume();
      },
    });
    this.#inbox = new Inbox({
      ...shared,
      greeter,
      homecoming: this.#homecoming,
      opener,
      heard: async (event) => await this.files?.heard(event) ?? (() => {}),
      fetched: (file, user) => this.files?.fetched(file, user),
      staleKeys: (to) => this.sealing.stale(to),
      refused: (error) => this.connector.refused(error),
      unsaid: (draft, why) => this.#refused(draft, why),
      gone: () => {
        this.#forgotten();
        this.connector.part("The account is no more");
      },
      useful: () => this.connector.useful(),
    });
    this.accounts = new Accounts({
      identity,
      pake,
      sealing,
      requests,
      greeter,
      signedIn: async () => {
        this.marks.open();
        await this.#homecoming.signedIn();
      },
    });
    this.connector = new Connector({
      dial,
      backoff: new Backoff(backoff ?? { minMs: 500, maxMs: 30_000 }, random),
      pulse: pulse ?? { quietMs: 20_000, patienceMs: 10_000 },
      greet: () => this.greeter.greet(),
      greetingRefused: (error) => this.greeter.refused(error),
      receive: (event) => this.#inbox.receive(event),
      roomy: () => this.#roomy(),
      nameRefused: (code, message) =>
        this.#emit({ kind: "nameRefused", name: this.identity.name, code, message }),
      lost: () => this.#lost(),
      emit: this.#emit,
      ended: (message) => this.#ended(message),
    });
    this.#remember();
  }

  /** Queues a message, or tells why it cannot be sent. */
  say(to: string, text: string, more: Partial<Pick<Draft, "id" | "plain" | "file">>): Draft {
    const draft = this.outbox.draft(to, text, more);
    const no = refusalOf(draft, { over: this.connector.over, full: this.outbox.full });
    if (no) this.#refused(draft, no);
    else {
      const kept = this.keeping.keep(draft); // before anybody is told that it is queued
      this.#emit({ kind: "queued", draft });
      this.outbox.add(draft, kept);
    }
    return draft;
  }

  /** Goes on under another name. What may have been sent under the old one is not sent again. Never rejects. */
  async rename(name: string): Promise<void> {
    if (!this.connector.asking) return;
    const { unsent, uncertain } = this.outbox.empty();
    const message =
      `This was said as ${this.identity.name}, and may have arrived: say it again if it has not`;
    for (const draft of uncertain) this.#refused(draft, new Refused("renamed", message));
    for (const { id } of unsent) this.keeping.done(id);
    this.identity.name = name;
    if (this.keeping.keeps) await this.keeping.rename(name);
    if (this.connector.over) return;
    this.identity.become(name, this.keeping.remembered);
    this.#remember();
    for (const draft of unsent) this.outbox.add(draft, this.keeping.keep(draft));
    this.connector.greetAgain();
  }

  /** Says goodbye once everything said is on its way, and ends. */
  async bye(): Promise<void> {
    if (this.keeping.keeps && this.connector.online) {
      await within(KEEP_MS, this.#homecoming.settled.then(() => this.outbox.ready()));
    }
    if (this.connector.online) await within(KEEP_MS, this.sealing.settle());
    this.#leaving = this.connector.online;
    await this.connector.bye();
    await this.#closing;
  }

  /** Takes up what an earlier process under this name has left. */
  #remember(): void {
    const { remembered } = this.keeping;
    const sameLog = remembered !== undefined && remembered.log === this.identity.log;
    this.cursors.restore(sameLog ? remembered.cursors : new Map());
    this.marks.restore(sameLog ? remembered.read : new Map());
    this.outbox.restore(remembered?.drafts ?? []);
  }

  /** A message will not be sent; what offers a file may be said again, and is nobody's concern until then. */
  #refused(draft: Draft, why: Refused): void {
    this.keeping.done(draft.id);
    if (this.files?.refused(draft, why)) return;
    this.#emit({ kind: "refused", draft, code: why.code, message: why.message });
  }

  /** Something is told while a promise is awaited that only reading on can fulfil: then never wait. */
  #roomy(): Promise<void> | undefined {
    if (!this.events.full || this.requests.size > 0 || this.outbox.awaited) return undefined;
    return this.events.roomy();
  }

  /** The session is of no use any more. */
  #forgotten(): void {
    this.identity.session = undefined;
    void this.keeping.signedIn(undefined);
  }

  #lost(): void {
    this.cursors.lost();
    this.#homecoming.lost();
    this.greeter.lost();
    this.marks.shut();
    this.requests.shut();
    this.outbox.shut();
  }

  #ended(message: string): void {
    this.#lost();
    this.requests.end(message);
    this.greeter.end(message);
    this.outbox.end(new Refused("ended", message));
    if (this.#leaving && this.identity.account === undefined && this.outbox.pending.length === 0) {
      for (const to of this.cursors.known) this.keeping.forget(to);
      this.#forgotten();
    }
    this.#pake?.[Symbol.dispose]();
    this.#closing = Promise.all([this.keeping.close(), this.sealing.close(), disposed(this.files)]);
    this.events.end();
  }
}
