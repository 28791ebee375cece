import { nearest } from "../../cli/nearest.ts";
import { resetPassword } from "../accounts/reset_password.ts";
import { EXIT, Exit } from "../exit.ts";
import type { Account, Device, PeopleStore } from "../store/store.ts";
import type { Deed } from "./work.ts";

/** What is said about what was done: for a program on standard output, for a person on standard error. */
export interface Told {
  readonly out: string;
  readonly err?: string;
}

/** Does something with an account, or shows it. A server that is running takes notice. */
export async function workOnUser(people: PeopleStore, name: string, deed: Deed): Promise<Told> {
  const accounts = await people.accounts();
  const account = accounts.find((each) => each.name === name);
  if (!account) throw missing(name, accounts);
  switch (deed) {
    case "show":
      return { out: described(account, await people.devices(account.id)) };
    case "reset-password":
      return await reset(people, account);
    case "disable":
    case "enable": {
      const disabled = deed === "disable";
      if (account.disabled === disabled) return { out: `${name} was ${deed}d already\n` };
      await people.setDisabled(account.id, disabled);
      return { out: `${name} is ${deed}d${disabled ? ", and signed out everywhere" : ""}\n` };
    }
    default:
      return deed satisfies never;
  }
}

async function reset(people: PeopleStore, { name, disabled }: Account): Promise<Told> {
  // A new secret would be made otherwise, and no password would be right any more.
  if (await people.setting("opaque") === undefined) {
    throw new Exit(EXIT.damaged, "the secret that passwords are checked with is missing: restore a backup");
  }
  const password = await resetPassword(people, name);
  if (password === undefined) throw missing(name, await people.accounts());
  const still = disabled ? " The account is still disabled: --enable lets it be used." : "";
  return {
    out: `${password}\n`,
    err:
      `A new password for ${name}, who is signed out everywhere and should change it with /passwd.${still}\n`,
  };
}

function missing(name: string, accounts: readonly Account[]): Exit {
  const meant = nearest(name, accounts.map((each) => each.name));
  const hint = meant === undefined ? "" : `. Did you mean ${meant}?`;
  return new Exit(EXIT.failure, `there is no account ${name}${hint}`);
}

function described({ name, role, disabled, created }: Account, devices: readonly Device[]): string {
  const lines = [
    `${name}: ${role}${disabled ? ", disabled" : ""}, since ${time(created)}`,
    devices.length === 0 ? "no devices" : `devices:`,
    ...devices.map(({ device, label, created, seen }) =>
      `  ${device}  since ${time(created)}, last seen ${time(seen)}  ${harmless(label)}`
    ),
  ];
  return lines.map((line) => `${line.trimEnd()}\n`).join("");
}

function time(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** A label is what somebody has chosen: nothing in it may move a terminal's cursor or turn the line around. */
function harmless(text: string): string {
  return text.replaceAll(/[\p{C}\u2028\u2029]/gu, "\ufffd");
}
