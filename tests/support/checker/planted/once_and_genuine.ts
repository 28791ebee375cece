import { isOf } from "../tampering.ts";
import type { PlantedFault } from "./planted_fault.ts";
import { append, expired, isInView, stored } from "./where.ts";

/** A send is there once, as it was sent, or not at all: what must not happen to it. */
export const ONCE_AND_GENUINE: readonly PlantedFault[] = [
  // I2 once
  {
    fault: "a send is stored twice",
    kinds: ["stored_twice"],
    plant(history) {
      const place = history.pick(history.entries);
      append(history, place.conversation, place);
    },
  },
  {
    fault: "a send is stored in two conversations",
    kinds: ["stored_twice"],
    plant(history) {
      const place = history.pick(history.entries);
      const others = Object.keys(history.extents).filter((key) => key !== place.conversation);
      append(history, history.pick(others), place);
    },
  },
  {
    fault: "an entry is shown twice",
    kinds: ["shown_twice"],
    plant(history) {
      const show = history.pick(history.all("show"));
      history.insert(show, show);
    },
  },
  {
    fault: "an entry is shown again much later",
    kinds: ["shown_twice"],
    plant(history) {
      const show = history.pick(history.all("show", (each) => each.seq === 1));
      const later = history.all("show", (each) => isInView(show)(each) && each.seq > 1);
      history.insert(history.pick(later), show);
    },
  },
  // I3 genuine
  {
    fault: "an entry was never said",
    kinds: ["fabricated"],
    plant(history) {
      const place = history.pick(history.entries);
      append(history, place.conversation, { ...place, id: "forged-1" });
    },
  },
  {
    fault: "a text is altered for all",
    kinds: ["altered"],
    plant(history) {
      const isIt = isOf(history.pick(history.entries));
      history.rewrite((place) => isIt(place) ? { ...place, hash: "other" } : place);
    },
  },
  {
    fault: "an entry is under another's name",
    kinds: ["fabricated"],
    plant(history) {
      const isIt = isOf(history.pick(history.entries));
      history.rewrite((place) => isIt(place) ? { ...place, from: "eve" } : place);
    },
  },
  {
    fault: "an entry is in another conversation than it was meant for",
    kinds: ["altered"],
    plant(history) {
      const attempt = history.pick(history.all("attempt", (each) => stored(history, each) !== undefined));
      history.replace(attempt, { ...attempt, conversation: "#elsewhere" });
    },
  },
  {
    fault: "a send is refused and yet shown",
    kinds: ["refused_yet_there"],
    plant(history) {
      const ack = history.pick(history.all("ack", (each) => !expired(history, each)));
      const others = history.all("ack", (each) => each !== ack && isOf(ack)(each));
      history.replace(ack, {
        kind: "refused",
        id: ack.id,
        code: "mailbox_full",
        t: ack.t,
        client: ack.client,
      });
      history.remove(...others);
    },
  },
  {
    fault: "a send is acknowledged and refused",
    kinds: ["two_outcomes"],
    plant(history) {
      const { id, t, client, ...ack } = history.pick(history.all("ack"));
      const behind = history.all("ack", isOf({ from: ack.from, id })).at(-1)!;
      history.insert(behind, { kind: "refused", id, code: "mailbox_full", t, client });
    },
  },
  {
    fault: "something is acknowledged that was not sent",
    kinds: ["ack_unattempted"],
    plant(history) {
      const ack = history.pick(history.all("ack"));
      history.insert(ack, { ...ack, id: "forged-1" });
    },
  },
  {
    fault: "an id is used for something else",
    kinds: ["id_reused"],
    plant(history) {
      const attempt = history.pick(history.all("attempt"));
      history.insert(attempt, { ...attempt, hash: "other" });
    },
  },
];
