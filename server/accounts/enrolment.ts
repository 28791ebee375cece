import { skeletons } from "../../protocol/names.ts";
import type { Event, Request } from "../../protocol/schema.ts";
import type { Denial } from "../denial.ts";
import type { Account } from "../store/store.ts";
import { hashToken, newToken } from "../token.ts";
import { newCredentialId, writeCredential } from "./credential.ts";
import type { Admitted } from "./devices.ts";
import { failed, type Office } from "./office.ts";
import { tooLike } from "./standing.ts";

/** A password that is about to be chosen on one connection. */
export interface Registration {
  readonly name: string;
  /** The account that is to have it, if there is one yet. */
  readonly account: number | undefined;
  /** What its record will be bound to. */
  readonly credential: string;
}

/** Who enrols from where. */
export interface Applicant {
  readonly by: object;
  readonly source: string;
  /** Whether it is here under that name already. */
  readonly guest: boolean;
}

/** A new account, and what is waited for until everybody knows of it. */
type Made = Admitted & { readonly settled: void | Promise<void> };

/** The number of an account's first device. */
const FIRST = 1;
const CLAIM: Denial = {
  code: "claim",
  message: "This code does not make an owner: it is wrong, or was used",
};

/** Begins to choose a password, for an account or for a name that is free. */
export async function register(
  office: Office,
  { name, request }: { readonly name: string; readonly request: string },
  { account, applicant }: { readonly account: number | undefined; readonly applicant: Applicant },
): Promise<{ readonly registration: Registration; readonly event: Event } | Denial> {
  const denial = account === undefined ? unavailable(office, name, applicant) : undefined;
  if (denial) return denial;
  const credential = newCredentialId();
  const answer = await office.opaque.register(credential, request);
  if (answer.type !== "register") return failed(answer);
  return {
    registration: { name, account, credential },
    event: { type: "register", response: answer.text },
  };
}

/** Makes the account; where its maker is here as a guest, that guest has become it. */
export async function enrol(
  office: Office,
  asked: Extract<Request, { type: "enrol" }>,
  { registration, applicant }: { readonly registration: Registration; readonly applicant: Applicant },
): Promise<Admitted | Denial> {
  const checked = await office.opaque.check(asked.record);
  if (checked.type !== "check") return failed(checked);
  const { name, credential } = registration;
  const record = writeCredential({ id: credential, record: asked.record });
  const made = await office.alone<Made | Denial>(async () => {
    const { people, keys, directory, household, founded, owner, clock, wall } = office;
    const claims = claimed(office, asked.claim);
    if (claims && "code" in claims) return claims;
    const token = newToken();
    const hash = hashToken(token);
    const denial = unavailable(office, name, applicant);
    if (denial) return denial;
    const looks = skeletons(name);
    using _held = directory.hold(name, looks); // guests come and go meanwhile
    const { stretching, device: label = "" } = asked;
    const [role, identity, at] = [claims?.role ?? "member", identityFor(office, applicant), wall()];
    const account = await people.enrol(
      { name, skeletons: looks, identity, record, stretching, role, created: at },
      { hash, label, created: at, seen: at },
    );
    if (!account) {
      return { code: "name_taken", message: `${name} belonged to an account until lately, choose another` };
    }
    founded.take(applicant.source, clock());
    const { vault } = asked;
    if (vault !== undefined) await keys?.publish({ account: account.id, name, device: FIRST, vault });
    directory.set(account);
    const settled = applicant.guest ? household.enrolled(applicant.by, account, FIRST, token) : undefined;
    if (claims) await owner.spend();
    return { account, device: FIRST, token, settled };
  });
  if ("code" in made) return made;
  const { settled, ...admitted } = made;
  await settled;
  return admitted;
}

/** What a claim gives its bearer; a wrong one is refused. */
export function claimed(
  { directory, owner }: Office,
  claim: string | undefined,
): { readonly role: Account["role"] } | Denial | undefined {
  if (claim === undefined) return undefined;
  const fits = owner.fits(claim);
  return fits && !directory.owned ? { role: "owner" } : CLAIM;
}

/** Why there can be no account of this name, or not from here, now. */
function unavailable(office: Office, name: string, { by, source }: Applicant): Denial | undefined {
  const { directory, household, founded, clock } = office;
  if (directory.byName(name)) {
    return { code: "name_taken", message: `${name} belongs to an account, choose another` };
  }
  const looks = skeletons(name);
  const denial = tooLike(directory, name, looks) ?? household.taken(name, looks, by);
  if (denial) return denial;
  const wait = founded.wait(source, clock());
  return wait === 0 ? undefined : {
    code: "rate",
    message: `Too many accounts were registered from your address: wait ${Math.ceil(wait / 60_000)} min`,
    retry_ms: wait,
  };
}

/** What becomes the account's identity for good: that of the guest who is here, unless it is another account's. */
function identityFor({ directory, household }: Office, { by }: Applicant): string {
  const identity = household.identityOf(by);
  return !identity || directory.byIdentity(identity) ? crypto.randomUUID() : identity;
}
