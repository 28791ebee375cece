import type { PeopleStore } from "../store/store.ts";
import { newCredentialId, writeCredential } from "./credential.ts";
import { STRETCHING } from "./login.ts";
import { OpaqueHost } from "./opaque_host.ts";
import { newCode } from "./owner_code.ts";

/**
 * Gives the account `name` a new password, for somebody who has lost theirs, and resolves with it: it is kept nowhere,
 * and all devices go. Resolves with nothing where there is no such account.
 */
export async function resetPassword(people: PeopleStore, name: string): Promise<string | undefined> {
  const account = (await people.accounts()).find((each) => each.name === name);
  if (!account) return undefined;
  const broken: Error[] = [];
  const report = (error: Error) => void broken.push(error);
  await using opaque = await OpaqueHost.open({ people, clock: () => performance.now(), report });
  const credential = newCredentialId();
  const password = newCode();
  const made = await opaque.make({ credential, password, stretching: STRETCHING });
  if (made.type !== "make") throw broken[0] ?? new Error("Cannot make a password: the OPAQUE Worker refused");
  const record = writeCredential({ id: credential, record: made.text });
  await people.repass(account.id, { record, stretching: STRETCHING }, undefined);
  return password;
}
