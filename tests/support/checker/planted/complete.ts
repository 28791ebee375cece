import { membersOf } from "../history.ts";
import { isOf } from "../tampering.ts";
import type { PlantedFault } from "./planted_fault.ts";
import {
  acknowledged,
  exchange,
  expired,
  inTheMiddle,
  lastOnes,
  nameOf,
  next,
  shown,
  stored,
} from "./where.ts";

/** What must not come in a wrong order, be missing, or be seen by others. */
export const COMPLETE: readonly PlantedFault[] = [
  // I5 sender order, and real time
  {
    fault: "what one sender said changes places",
    kinds: ["sender_order"],
    plant(history) {
      const pairs = history.all("attempt").flatMap((first) => {
        const next = history.all("attempt", (each) =>
          each.client === first.client && each.conversation === first.conversation && each.t > first.t)[0];
        return next && stored(history, first) && stored(history, next) ? [[first, next] as const] : [];
      });
      const [first, next] = history.pick(pairs);
      exchange(history, stored(history, first)!, stored(history, next)!);
    },
  },
  {
    fault: "what was said later is stored before what was acknowledged",
    kinds: ["real_time"],
    plant(history) {
      const pairs = history.all("ack", (each) => !expired(history, each)).flatMap((ack) => {
        const later = history.all(
          "attempt",
          (each) =>
            each.t > ack.t && each.conversation === ack.conversation && stored(history, each) !== undefined,
        );
        return later.length > 0 ? [{ ack, later }] : [];
      });
      const { ack, later } = history.pick(pairs);
      exchange(history, ack, stored(history, history.pick(later))!);
    },
  },
  // I6 complete
  {
    fault: "the end of a conversation is not shown to one",
    kinds: ["missing"],
    plant(history) {
      const lasts = lastOnes(history).flatMap((last) => shown(history, last))
        .filter((show) => inTheMiddle(history, show) && next(history, show) === undefined);
      history.remove(history.pick(lasts));
    },
  },
  {
    fault: "the beginning of a conversation is not shown to one",
    kinds: ["skipped", "missing", "cursor_ahead"],
    plant(history) {
      const firsts = history.all(
        "show",
        ({ seq, conversation }) => seq === 1 && membersOf(conversation) !== undefined,
      );
      const { client, conversation } = history.pick(firsts);
      history.remove(
        ...history.all(
          "show",
          (show) => show.client === client && show.conversation === conversation && show.seq === 1,
        ),
      );
    },
  },
  {
    fault: "what is said after one joined is not shown to it",
    kinds: ["missing"],
    plant(history) {
      const firsts = history.all("joined").flatMap((joined) => {
        const show = next(history, joined);
        if (show?.kind !== "show" || expired(history, show)) return [];
        const [said] = history.all("attempt", ({ id }) => id === show.id);
        const goesOn = [undefined, "show"].includes(next(history, show)?.kind);
        return said !== undefined && said.t > joined.t && goesOn ? [show] : [];
      });
      history.remove(history.pick(firsts));
    },
  },
  {
    fault: "a send has no outcome",
    kinds: ["no_outcome"],
    plant(history) {
      const { from, id } = history.pick(history.all("ack"));
      history.remove(...history.all("ack", isOf({ from, id })));
    },
  },
  {
    fault: "an outbox is lost with its process",
    kinds: ["no_outcome"],
    plant(history) {
      const ack = history.pick(acknowledged(history));
      history.unstore(ack);
      history.remove(...history.all("ack", isOf(ack)));
    },
  },
  {
    fault: "a client never comes to rest",
    kinds: ["not_quiet"],
    plant: (history) => history.remove(history.pick(history.all("quiet"))),
  },
  // I8 isolated
  {
    fault: "an outsider reads a whisper",
    kinds: ["outsider"],
    plant(history) {
      const show = history.pick(history.all("show", ({ conversation }) => conversation.startsWith("@")));
      const others = history.lines.filter(({ client, kind, t }) =>
        kind === "sent" && t > show.t && !membersOf(show.conversation)!.includes(nameOf(history, client))
      );
      const { t, client } = history.pick(others);
      const behind = history.lines.find((line) => line.t === t && line.client === client)!;
      history.insert(behind, { ...show, t, client });
    },
  },
  {
    fault: "somebody goes on reading a room that it has left",
    kinds: ["outsider"],
    plant(history) {
      const left = history.pick(
        history.all(
          "left",
          (each) => history.entries.some((place) => place.conversation === each.conversation),
        ),
      );
      const place = history.pick(
        history.entries.filter(({ conversation }) => conversation === left.conversation),
      );
      history.insert(left, { ...place, kind: "show", t: left.t, client: left.client });
    },
  },
];
