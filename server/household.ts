import type { Household } from "./accounts/accounts.ts";
import type { Denial } from "./denial.ts";
import type { Hub } from "./hub.ts";
import type { Account } from "./store/store.ts";

/** What changes for those who are here when accounts are made, changed and removed. */
export function householdOf(hub: Hub): Household {
  const { roster } = hub;
  const { seats } = roster;

  return {
    taken(name, skeletons, by): Denial | undefined {
      const person = seats.named(name);
      if (person && person.seats.size > 0 && seats.of(by)?.person !== person) {
        return { code: "name_taken", message: `The name ${name} is taken: somebody has it now` };
      }
      const like = skeletons.map((skeleton) => seats.wearing(skeleton)).find((each) =>
        each && each.name !== name
      );
      return like && { code: "name_confusable", message: `${name} could be mistaken for ${like.name}` };
    },
    identityOf: (by) => seats.of(by)?.person.identity,
    async enrolled(by, account, device, token) {
      const seat = seats.of(by);
      if (seat) await roster.enrolled(seat, account, device, token);
    },
    signOut(account, { device, but }, message) {
      for (const seat of [...seats.named(account.name)?.seats ?? []]) {
        const { peer } = seat;
        if ((device !== undefined && seat.device !== device) || (peer && peer === but)) continue;
        roster.free(seat);
        peer?.end("replaced", message);
      }
    },
    unregistered(account, by) {
      const person = seats.named(account.name);
      if (!person) return;
      const peers = Array.from(person.seats, ({ peer }) => peer);
      roster.unregister(person);
      for (const peer of peers) if (peer !== by) peer?.end("replaced", "The account is no more");
    },
    here(account: Account): ReadonlySet<number> {
      const devices = new Set<number>();
      for (const { peer, device } of seats.named(account.name)?.seats ?? []) {
        if (peer && device !== undefined) devices.add(device);
      }
      return devices;
    },
  };
}
