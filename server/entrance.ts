import { PROTOCOL } from "../protocol/limits.ts";
import type { Accounts, Desk, Who } from "./accounts/accounts.ts";
import type { Denial } from "./denial.ts";
import type { Hub } from "./hub.ts";
import type { Claim } from "./link.ts";

interface Entrance {
  readonly hub: Hub;
  readonly accounts: Accounts;
  readonly desk: Desk;
  /** Whether the address is distrusted: then only who needs no password is let in. */
  readonly probation: boolean;
}

/** Who says this hello. What the hub refuses whoever it is need not be looked at. */
export async function identify(
  { hello, problem }: Claim,
  { hub, accounts, desk, probation }: Entrance,
): Promise<Who | Denial | "distrusted"> {
  if (hello.protocol !== PROTOCOL) return { kind: "guest" };
  if (probation && !hub.holds(hello)) {
    if (hello.proof !== undefined || !accounts.directory.byName(hello.name)) return "distrusted";
  }
  return problem ? { kind: "guest" } : await desk.identify(hello);
}

/** What has changed about them since, to be asked in the same turn as they are let in. */
export function changed({ hello, problem }: Claim, who: Who, { hub, desk }: Entrance): Denial | undefined {
  if (problem || hello.protocol !== PROTOCOL || hub.holds(hello)) return undefined;
  return desk.changed(who, hello.name);
}
