import { type Place } from "../history.ts";
import type { PlantedFault } from "./planted_fault.ts";
import { acknowledged, expired, lastOnes, shown } from "./where.ts";

/** What must not happen to what was acknowledged or shown. */
export const DURABLE: readonly PlantedFault[] = [
  // I1 durable, I7 no phantom
  {
    fault: "an acknowledged entry is lost for all",
    kinds: ["lost"],
    plant: (history) => history.unstore(history.pick(acknowledged(history))),
  },
  {
    fault: "a crash takes the end of a log away",
    kinds: ["lost"],
    plant(history) {
      const { conversation, seq } = history.pick(acknowledged(history));
      const stays = (place: Place) => place.conversation !== conversation || place.seq < seq;
      history.entries = history.entries.filter(stays);
      history.extents[conversation]!.head = seq - 1;
    },
  },
  {
    fault: "somebody is shown what is not stored",
    kinds: ["phantom"],
    plant(history) {
      const { conversation, seq } = history.pick(
        lastOnes(history).filter((last) => shown(history, last).length > 0),
      );
      const isLast = (place: Place) => place.conversation === conversation && place.seq === seq;
      history.entries = history.entries.filter((place) => !isLast(place));
      history.extents[conversation]!.head--;
      history.remove(...history.all("ack", isLast));
    },
  },
  {
    fault: "an acknowledgement names another seq",
    kinds: ["wrong_ack"],
    plant(history) {
      const ack = history.pick(history.all("ack", (each) => !expired(history, each)));
      history.replace(ack, { ...ack, seq: ack.seq + 1 });
    },
  },
  {
    fault: "two acknowledgements of one send differ",
    kinds: ["wrong_ack"],
    plant(history) {
      const ack = history.pick(history.all("ack"));
      history.insert(ack, { ...ack, seq: ack.seq + 1 });
    },
  },
  {
    fault: "the logs begin anew",
    kinds: ["new_log"],
    plant(history) {
      const online = history.pick(history.all("online"));
      history.insert(online, { ...online, log: "log-2" });
    },
  },
  {
    fault: "the store is damaged",
    kinds: ["integrity"],
    plant: (history) => void (history.integrity = "row 7 missing from index entry_send"),
  },
];
