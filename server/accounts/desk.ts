import type { Event, Hello } from "../../protocol/schema.ts";
import type { Denial } from "../denial.ts";
import type { Account } from "../store/store.ts";
import { repass, unregister } from "./changes.ts";
import { admit, listed, recognise, revoke, REVOKED } from "./devices.ts";
import { type Applicant, enrol, register, type Registration } from "./enrolment.ts";
import type { AccountAsk, Who } from "./household.ts";
import { begin, type Login, prove, WRONG } from "./login.ts";
import { type Office, unlessFull } from "./office.ts";
import { standing } from "./standing.ts";

/** Whom a connection is signed in as. */
export interface Caller {
  readonly name: string;
  readonly account: Account | undefined;
  readonly device: number | undefined;
}

type Of<T extends AccountAsk["type"]> = Extract<AccountAsk, { type: T }>;
type Owner = Caller & { readonly account: Account };

const NOT_BEGUN: Denial = { code: "state", message: "Prove your password first: send login for your name" };

/** Where one connection proves who it is, and asks about its account. One thing at a time. */
export class Desk implements Disposable {
  readonly #office: Office;
  readonly #by: object;
  readonly #source: string;
  #login: Login | undefined;
  #registration: Registration | undefined;
  #token: string | undefined;
  #parting: Denial | undefined;
  #over = false;

  constructor(office: Office, { by, source }: { readonly by: object; readonly source: string }) {
    this.#office = office;
    this.#by = by;
    this.#source = source;
  }

  /** Why the connection ends once the answer just given has gone out, if it does: always with a fatal error. */
  get parting(): Denial | undefined {
    return this.#parting;
  }

  /** Who says this hello. Right before it is let in, {@linkcode changed} tells whether that is still so. */
  async identify(hello: Hello): Promise<Who | Denial> {
    return await unlessFull(() => this.#identify(hello));
  }

  /** Why somebody who was identified is not to be let in after all: to be asked in the same turn as it is let in. */
  changed(who: Who, name: string): Denial | undefined {
    return standing(this.#office, who, name);
  }

  /** Answers what is asked about accounts, without its `ref`. */
  async answer(asked: AccountAsk, as: Caller | undefined): Promise<Event | Denial> {
    return await unlessFull(() => this.#answer(asked, as));
  }

  [Symbol.dispose](): void {
    this.#over = true;
    this.#drop();
  }

  async #identify({ name, proof, session, device }: Hello): Promise<Who | Denial> {
    const { directory } = this.#office;
    if (proof !== undefined) return await this.#byPassword(name, proof, device ?? "");
    const account = directory.byName(name);
    if (account && session !== undefined) {
      const known = await recognise(this.#office, account, session);
      if (known) return this.#is({ account, device: known.device, token: session });
    }
    const guest: Who = { kind: "guest" };
    return this.changed(guest, name) ?? guest;
  }

  async #byPassword(name: string, proof: string, label: string): Promise<Who | Denial> {
    if (this.#login?.name !== name) {
      this.#drop();
      return WRONG;
    }
    const proved = await prove(this.#office, this.#take()!, proof);
    if ("code" in proved) return proved;
    const admitted = await admit(this.#office, proved.account, label);
    return "code" in admitted ? admitted : { ...this.#is(admitted), failures: proved.failures };
  }

  #is({ account, device, token }: { account: Account; device: number; token: string }) {
    this.#token = token;
    const { directory, guard } = this.#office;
    const current = directory.byId(account.id) ?? account;
    return {
      kind: "account",
      account: current,
      device,
      token,
      failures: guard.failures(account.id),
    } as const;
  }

  async #answer(asked: AccountAsk, as: Caller | undefined): Promise<Event | Denial> {
    if (asked.type === "login") return await this.#begin(asked, as);
    if (asked.type === "register") return await this.#register(asked, as);
    if (asked.type === "enrol") return await this.#enrol(asked, as);
    const owner = this.#owner(as);
    if (!owner) return { code: "state", message: "Only accounts have devices and can be unregistered" };
    switch (asked.type) {
      case "devices":
        return await listed(this.#office, owner.account, owner.device);
      case "revoke": {
        const { device } = asked;
        const answer = await revoke(this.#office, owner.account, { device, by: this.#by });
        if ("type" in answer && answer.type === "revoked" && device === owner.device) {
          this.#parting = { code: "replaced", message: REVOKED };
        }
        return answer;
      }
      case "unregister":
        return await this.#unregister(asked, owner);
      default:
        return asked satisfies never;
    }
  }

  async #begin(asked: Of<"login">, as: Caller | undefined): Promise<Event | Denial> {
    const owner = this.#owner(as);
    if (as && asked.name !== owner?.name) {
      return {
        code: "state",
        message: `You are signed in as ${as.name}: only its own password is asked for`,
      };
    }
    this.#drop();
    const { name, request } = asked;
    const begun = await begin(this.#office, { name, request }, { source: this.#source, device: !!owner });
    if ("code" in begun) return begun;
    this.#login = begun.login;
    if (this.#over) this.#drop();
    return begun.event;
  }

  async #register(asked: Of<"register">, as: Caller | undefined): Promise<Event | Denial> {
    const elsewhere = notOwn(asked.name, as);
    if (elsewhere) return elsewhere;
    const { name, request } = asked;
    const account = this.#owner(as)?.account.id;
    const begun = await register(this.#office, { name, request }, {
      account,
      applicant: this.#applicant(as),
    });
    if ("code" in begun) return begun;
    this.#registration = begun.registration;
    return begun.event;
  }

  async #enrol(asked: Of<"enrol">, as: Caller | undefined): Promise<Event | Denial> {
    const elsewhere = notOwn(asked.name, as);
    if (elsewhere) return elsewhere;
    const registration = this.#registration;
    const owner = this.#owner(as);
    if (registration?.name !== asked.name || registration.account !== owner?.account.id) {
      return { code: "state", message: "Choose a password first: send register for this name" };
    }
    if (owner) return await this.#repass(asked, { registration, device: owner.device });
    this.#registration = undefined;
    const made = await enrol(this.#office, asked, { registration, applicant: this.#applicant(as) });
    return "code" in made ? made : this.#enrolled(made.account, made.token);
  }

  async #repass(
    { record, stretching, proof, claim, vault }: Of<"enrol">,
    { registration: { credential }, device }: {
      readonly registration: Registration;
      readonly device: number | undefined;
    },
  ): Promise<Event | Denial> {
    const token = this.#token;
    const login = this.#take();
    if (proof === undefined || !login || token === undefined) return NOT_BEGUN;
    this.#registration = undefined;
    const chosen = { record, credential, stretching, proof, claim, vault };
    const changed = await repass(this.#office, chosen, { by: this.#by, device, login });
    return "code" in changed ? changed : this.#enrolled(changed, token);
  }

  async #unregister({ proof }: Of<"unregister">, { device }: Owner): Promise<Event | Denial> {
    const login = this.#take();
    if (!login) return NOT_BEGUN;
    const answer = await unregister(this.#office, proof, { by: this.#by, device, login });
    if ("type" in answer && answer.type === "unregistered") {
      this.#parting = { code: "replaced", message: "The account is no more" };
    }
    return answer;
  }

  #enrolled({ name, role }: Account, token: string): Event {
    this.#token = token;
    return { type: "enrolled", name, session: token, account: role };
  }

  #applicant(as: Caller | undefined): Applicant {
    return { by: this.#by, source: this.#source, guest: as !== undefined };
  }

  /** The caller with its account as it is now, if it has one. */
  #owner(as: Caller | undefined): Owner | undefined {
    const account = as?.account && this.#office.directory.byId(as.account.id);
    return as && account && { ...as, account };
  }

  #take(): Login | undefined {
    const login = this.#login;
    this.#login = undefined;
    return login;
  }

  #drop(): void {
    const login = this.#take();
    if (login) this.#office.opaque.forget(login.handle);
  }
}

function notOwn(name: string, as: Caller | undefined): Denial | undefined {
  if (!as || as.name === name) return undefined;
  return { code: "state", message: `You are ${as.name}: nobody registers another name than its own` };
}
