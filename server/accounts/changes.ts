import type { Event } from "../../protocol/schema.ts";
import type { Denial } from "../denial.ts";
import type { Account } from "../store/store.ts";
import { writeCredential } from "./credential.ts";
import { claimed } from "./enrolment.ts";
import { type Login, prove, WRONG } from "./login.ts";
import { failed, type Office } from "./office.ts";

/** How long a name is nobody's after its account has gone. */
const REST_MS = 90 * 86_400_000;

/** The connection that asks, with its device and its sign-in. */
export interface Member {
  readonly by: object;
  readonly device: number | undefined;
  readonly login: Login;
}

/** A password that an account is to have from now on. */
export interface Chosen {
  readonly record: string;
  readonly credential: string;
  readonly stretching: Account["stretching"];
  /** The end of a sign-in with the password until now. */
  readonly proof: string;
  readonly claim: string | undefined;
  /** What the account keeps sealed for itself, sealed for this password. */
  readonly vault: string | undefined;
}

/** Gives an account another password, for the old one: its other devices go, and all connections but this one. */
export async function repass(
  office: Office,
  { record: chosen, credential, stretching, proof, claim, vault }: Chosen,
  { by, device, login }: Member,
): Promise<Account | Denial> {
  const { people, directory, household, opaque, clock } = office;
  const checked = await opaque.check(chosen);
  if (checked.type !== "check") return failed(checked);
  const proved = await prove(office, login, proof);
  if ("code" in proved) return proved;
  const record = writeCredential({ id: credential, record: chosen });
  return await office.alone(async () => {
    const account = directory.byId(proved.account.id);
    if (account?.record !== proved.account.record) return WRONG;
    const claims = claimed(office, claim);
    if (claims && "code" in claims) return claims;
    const others = (await people.devices(account.id)).filter((each) => each.device !== device);
    for (const other of others) directory.dismiss(account, other.device, clock());
    try {
      await people.repass(account.id, { record, stretching, vault }, device);
    } catch (error) {
      for (const other of others) directory.readmit(account, other.device);
      throw error;
    }
    const changed = { ...account, record, stretching };
    directory.set(changed);
    household.signOut(
      changed,
      { but: by },
      "The password of this account was changed: sign in with the new one",
    );
    return claims ? await promoted(office, changed) : changed;
  });
}

async function promoted({ people, directory, owner }: Office, account: Account): Promise<Account> {
  await people.setRole(account.id, "owner");
  const promoted: Account = { ...account, role: "owner" };
  directory.set(promoted);
  await owner.spend();
  return promoted;
}

/** Ends an account, for its password. */
export async function unregister(
  office: Office,
  proof: string,
  { by, login }: Member,
): Promise<Event | Denial> {
  const { people, directory, guard, household, wall } = office;
  const proved = await prove(office, login, proof);
  if ("code" in proved) return proved;
  const { account } = proved;
  return await office.alone(async () => {
    if (directory.byId(account.id)?.record !== account.record) return WRONG;
    const until = wall() + REST_MS;
    await people.unregister(account.id, until);
    directory.retire(account, until);
    guard.forgive(account.id);
    household.unregistered(account, by);
    return { type: "unregistered", name: account.name };
  });
}
