import { skeletons } from "../../protocol/names.ts";
import type { Denial } from "../denial.ts";
import type { Directory } from "./directory.ts";
import type { Who } from "./household.ts";
import { DISABLED } from "./login.ts";
import type { Office } from "./office.ts";

/** Why somebody who was recognised is not to be let in under `name`, or not any more. */
export function standing({ directory, required, wall }: Office, who: Who, name: string): Denial | undefined {
  if (who.kind === "account") {
    const account = directory.byId(who.account.id);
    if (!account || directory.dismissed(account, who.device)) return authRequired(name);
    return account.disabled ? DISABLED : undefined;
  }
  if (directory.byName(name)) return authRequired(name);
  const looks = skeletons(name);
  if (directory.rests(looks, wall())) {
    return { code: "name_taken", message: `${name} was an account until lately, choose another name` };
  }
  const denial = tooLike(directory, name, looks);
  if (denial || !required) return denial;
  return {
    code: "account_required",
    message: `This server is for accounts only: register ${name} first`,
  };
}

/** Why a name that is no account's is too close to one that is, or is about to be. */
export function tooLike(directory: Directory, name: string, looks: readonly string[]): Denial | undefined {
  const like = directory.resembling(looks);
  if (like) {
    return { code: "name_confusable", message: `${name} could be mistaken for ${like.name}, choose another` };
  }
  if (!directory.holds(looks)) return undefined;
  return { code: "name_taken", message: `${name} is being registered by somebody else, choose another` };
}

function authRequired(name: string): Denial {
  return {
    code: "auth_required",
    message: `${name} belongs to an account: sign in to it, or choose another name`,
  };
}
