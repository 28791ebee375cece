import type { Event } from "../../protocol/schema.ts";
import type { Denial } from "../denial.ts";
import type { Account } from "../store/store.ts";
import { readCredential } from "./credential.ts";
import type { Attempt } from "./guard.ts";
import { failed, type Office } from "./office.ts";

/** What is said of names that there is no account of: how passwords are stretched where nobody chose otherwise. */
export const STRETCHING: Account["stretching"] = { iterations: 3, memory: 65_536, parallelism: 1 };

export const WRONG: Denial = { code: "auth", message: "The name or the password is wrong" };
export const DISABLED: Denial = {
  code: "account_disabled",
  message: "This account is disabled: ask who runs the server",
};
const TOO_LATE: Denial = {
  code: "auth_required",
  message: "Signing in took too long: give the password again",
};

/** A sign-in with the password that has begun on one connection. */
export interface Login {
  readonly handle: number;
  readonly name: string;
  /** As it was then; there may be none. */
  readonly account: Account | undefined;
  readonly attempt: Attempt;
}

/** A password was right, after so many wrong ones. */
export interface Proved {
  readonly account: Account;
  readonly failures: number;
}

/** Begins to check a password, unless too many were tried. Goes the same way whether there is such an account or not. */
export async function begin(
  office: Office,
  { name, request }: { readonly name: string; readonly request: string },
  { source, device }: { readonly source: string; readonly device: boolean },
): Promise<{ readonly login: Login; readonly event: Event } | Denial> {
  const { directory, guard, opaque, clock } = office;
  const account = directory.byName(name);
  const target = account?.id ?? name;
  const wait = guard.wait(target, source, { now: clock(), device });
  if (wait) return throttled(wait.ms);
  if (opaque.busy) return failed({ type: "busy" }); // before it counts as tried
  const attempt = guard.tried(target, source, clock());
  const credential = account && readCredential(account.record);
  const answer = await opaque.login({ name, credential, request });
  if (answer.type !== "login") return failed(answer);
  return {
    login: { handle: answer.login, name, account, attempt },
    event: { type: "login", response: answer.text, stretching: account?.stretching ?? STRETCHING },
  };
}

/** Ends what {@linkcode begin} began. */
export async function prove(office: Office, login: Login, proof: string): Promise<Proved | Denial> {
  const { directory, guard, opaque } = office;
  const answer = await opaque.prove(login.handle, proof);
  if (answer.type === "malformed") return WRONG;
  if (answer.type !== "proof") return failed(answer);
  if (answer.outcome === "gone") return TOO_LATE;
  if (answer.outcome === "wrong" || !login.account) return WRONG;
  const account = directory.byId(login.account.id);
  if (account?.record !== login.account.record) return WRONG; // it was right until just now
  const failures = guard.right(login.attempt);
  return account.disabled ? DISABLED : { account, failures };
}

function throttled(ms: number | undefined): Denial {
  return ms === undefined
    ? {
      code: "auth_throttled",
      message: "Too many wrong passwords: only devices that are signed in already may sign in",
    }
    : {
      code: "auth_throttled",
      message: `Too many wrong passwords: wait ${Math.ceil(ms / 60_000)} min`,
      retry_ms: ms,
    };
}
