import type { Event, Hello } from "../../protocol/schema.ts";
import {
  type AccountAsk,
  Accounts,
  type Desk,
  type Household,
  type Who,
} from "../../server/accounts/accounts.ts";
import { GUARD_BOUNDS, type GuardBounds } from "../../server/accounts/guard.ts";
import type { Denial } from "../../server/denial.ts";
import { DEFAULT_LIMITS, type Limits } from "../../server/limits.ts";
import type { Account, PeopleStore } from "../../server/store/store.ts";
import { somePeople } from "./people.ts";
import { QUICK, startLogin, startRegistration } from "./opaque_client.ts";

export interface RigOptions {
  readonly people?: PeopleStore;
  readonly limits?: Partial<Limits>;
  readonly required?: boolean;
  readonly bounds?: Partial<GuardBounds>;
  readonly opaqueEntry?: URL;
}

/** The accounts of a server without the server: desks, and who is here. Its clocks stand still unless told to go. */
export class AccountsRig implements AsyncDisposable {
  readonly people: PeopleStore;
  readonly clients = new Set<Customer>();
  /** What went wrong where nobody waits for it. */
  readonly reports: string[] = [];
  accounts!: Accounts;
  now = 1_000_000;
  wall = Date.UTC(2026, 0, 1);

  private constructor(people: PeopleStore) {
    this.people = people;
  }

  static async open(
    { people = somePeople(), limits, required = false, bounds, ...more }: RigOptions = {},
  ) {
    const rig = new AccountsRig(people);
    rig.accounts = await Accounts.open({
      people,
      limits: { ...DEFAULT_LIMITS, accountsPerHour: Infinity, ...limits },
      clock: () => rig.now,
      wall: () => rig.wall,
      required,
      report: (error) => void rig.reports.push(error.message),
      bounds: { ...GUARD_BOUNDS, ...bounds },
      ...more,
    });
    rig.accounts.household = householdOf(rig);
    return rig;
  }

  pass(ms: number): void {
    this.now += ms;
    this.wall += ms;
    this.accounts.sweep(this.now);
  }

  connect(address = "127.0.0.1"): Customer {
    const customer = new Customer(this, address);
    this.clients.add(customer);
    return customer;
  }

  /** Somebody who is signed in to a new account. */
  async member(name: string, password: string, more: { readonly claim?: string } = {}): Promise<Customer> {
    const customer = this.connect();
    const enrolled = await customer.register(name, password, more);
    if (!("type" in enrolled) || enrolled.type !== "enrolled") {
      throw new Error(`${name} cannot register: ${JSON.stringify(enrolled)}`);
    }
    await customer.hello(name, { session: enrolled.session });
    return customer;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const customer of this.clients) customer[Symbol.dispose]();
    await this.accounts[Symbol.asyncDispose]();
  }
}

/** One connection: what it says, and as whom. */
export class Customer implements Disposable {
  readonly desk: Desk;
  /** Everything that it has said, as it goes over the wire. */
  readonly said: string[] = [];
  as:
    | { name: string; account: Account | undefined; device: number | undefined; identity: string }
    | undefined;
  token = "";
  /** Why its connection was ended. */
  ended: string | undefined;
  readonly #rig: AccountsRig;

  constructor(rig: AccountsRig, address: string) {
    this.#rig = rig;
    this.desk = rig.accounts.desk(this, address);
  }

  /** Says hello, and is let in where it may be. */
  async hello(name: string, more: Partial<Hello> = {}): Promise<Who | Denial> {
    const hello = { type: "hello", protocol: 1, name, ...more } as const;
    this.said.push(JSON.stringify(hello));
    const who = await this.desk.identify(hello);
    if ("code" in who) return who;
    const changed = this.desk.changed(who, name);
    if (changed) return changed;
    const account = who.kind === "account" ? who.account : undefined;
    const device = who.kind === "account" ? who.device : undefined;
    if (who.kind === "account") this.token = who.token;
    this.as = { name, account, device, identity: account?.identity ?? `guest ${name}` };
    return who;
  }

  async ask(asked: AccountAsk): Promise<Event | Denial> {
    this.said.push(JSON.stringify(asked));
    const answer = await this.desk.answer(asked, this.as);
    if ("type" in answer && this.desk.parting) this.end(this.desk.parting.message);
    return answer;
  }

  /** Begins a sign-in; the proof is missing where the client finds the password wrong. */
  async login(name: string, password: string, stretching = QUICK) {
    const { request, finish } = startLogin(password);
    const answer = await this.ask({ type: "login", name, request });
    if (!("type" in answer) || answer.type !== "login") return { answer, proof: undefined };
    return { answer, proof: finish(answer.response, stretching) };
  }

  /** Signs in with a password; one that is wrong is told by a proof of nothing. */
  async signIn(name: string, password: string, more: Partial<Hello> = {}): Promise<Who | Denial> {
    const { answer, proof = NO_PROOF } = await this.login(name, password);
    if ("code" in answer && !("type" in answer)) return answer;
    return await this.hello(name, { proof, ...more });
  }

  /** Chooses a password as far as the record; or resolves with why not. */
  async choose(name: string, password: string): Promise<string | Denial> {
    const { request, finish } = startRegistration(password);
    const answer = await this.ask({ type: "register", name, request });
    if ("type" in answer && answer.type === "register") return finish(answer.response);
    return answer as Denial;
  }

  async register(
    name: string,
    password: string,
    more: { readonly claim?: string; readonly device?: string; readonly proof?: string } = {},
  ): Promise<Event | Denial> {
    const record = await this.choose(name, password);
    if (typeof record !== "string") return record;
    return await this.ask({ type: "enrol", name, record, stretching: QUICK, ...more });
  }

  end(why: string): void {
    this.ended ??= why;
    this[Symbol.dispose]();
  }

  [Symbol.dispose](): void {
    this.#rig.clients.delete(this);
    this.desk[Symbol.dispose]();
  }
}

/** The length of a proof, and wrong. */
export const NO_PROOF = "A".repeat(86);

/** The code of a refusal, or the type or kind of what came instead. */
export function outcome(answer: Event | Denial | Who): string {
  if ("code" in answer) return answer.code;
  return "type" in answer ? answer.type : answer.kind;
}

function householdOf({ clients }: AccountsRig): Household {
  const of = (account: Account) => [...clients].filter(({ as }) => as?.account?.id === account.id);
  return {
    taken(name, _skeletons, by) {
      const taken = [...clients].some((each) => each !== by && each.as?.name === name);
      return taken ? { code: "name_taken", message: "somebody is here by that name" } : undefined;
    },
    identityOf: (by) => (by as Customer).as?.identity,
    enrolled(by, account, device, token) {
      const customer = by as Customer;
      customer.as = { name: account.name, account, device, identity: account.identity };
      customer.token = token;
    },
    signOut(account, { device, but }, message) {
      for (const each of of(account)) {
        if (each !== but && (device === undefined || each.as?.device === device)) each.end(message);
      }
    },
    unregistered(account, by) {
      for (const each of of(account)) if (each !== by) each.end("The account is no more");
    },
    here: (account) => new Set(of(account).flatMap(({ as }) => as?.device ?? [])),
  };
}
