import { type LineOf } from "../history.ts";
import { isOf } from "../tampering.ts";
import type { PlantedFault } from "./planted_fault.ts";
import { expired, inTheMiddle, next, previous, shown, wasShown } from "./where.ts";

/** What must not happen to the order of a log, in the store and in any view. */
export const ONE_ORDER: readonly PlantedFault[] = [
  // I4 one order
  {
    fault: "a log has a hole",
    kinds: ["hole"],
    plant(history) {
      const gone = history.pick(history.entries);
      history.entries = history.entries.filter((place) => place !== gone);
    },
  },
  {
    fault: "one view has an entry in the place of another",
    kinds: ["disagree"],
    plant(history) {
      const show = history.pick(history.all("show", (each) => !expired(history, each)));
      const other = history.pick(history.entries.filter((place) => !isOf(show)(place)));
      history.replace(show, { ...show, from: other.from, id: other.id, hash: other.hash });
    },
  },
  {
    fault: "two views disagree on what has expired since",
    kinds: ["disagree"],
    plant(history) {
      const twice = (show: LineOf<"show">) => shown(history, show).length > 1;
      const show = history.pick(history.all("show", (each) => expired(history, each) && twice(each)));
      history.replace(show, { ...show, hash: "other" });
    },
  },
  {
    fault: "one view has another time",
    kinds: ["disagree"],
    plant(history) {
      const show = history.pick(history.all("show", (each) => !expired(history, each)));
      history.replace(show, { ...show, at: show.at + 1 });
    },
  },
  {
    fault: "two entries change places in one view",
    kinds: ["skipped"],
    plant(history) {
      const second = history.pick(history.all("show", (each) => {
        const before = inTheMiddle(history, each);
        return before !== undefined && inTheMiddle(history, before) !== undefined;
      }));
      const first = inTheMiddle(history, second)!;
      const [one, other] = [{ ...second, t: first.t }, { ...first, t: second.t }];
      history.replace(first, one);
      history.replace(second, other);
    },
  },
  {
    fault: "an entry is lost for one",
    kinds: ["skipped"],
    plant(history) {
      const middle = (show: LineOf<"show">) =>
        inTheMiddle(history, show) !== undefined && next(history, show)?.kind === "show";
      history.remove(history.pick(history.all("show", middle)));
    },
  },
  {
    fault: "what expired is passed over in silence",
    kinds: ["skipped", "missing", "cursor_ahead"],
    plant(history) {
      const gaps = history.all("gap", (gap) => {
        const before = previous(history, gap);
        const known = before?.kind === "show" ||
          (before?.kind === "start" && gap.conversation in before.cursors);
        return known && next(history, gap)?.kind !== "left";
      });
      history.remove(history.pick(gaps));
    },
  },
  {
    fault: "what is kept is said to be gone",
    kinds: ["false_gap"],
    plant(history) {
      const shows = history.all(
        "show",
        (each) => !expired(history, each) && inTheMiddle(history, each) !== undefined,
      );
      const show = history.pick(shows);
      const { seq, t, client, conversation } = show;
      history.replace(show, { kind: "gap", conversation, from: seq, to: seq, why: "expired", t, client });
    },
  },
  {
    fault: "the time goes back",
    kinds: ["time_back"],
    plant(history) {
      const { conversation, floor } = history.pick(
        Object.entries(history.extents).map(([key, extent]) => ({ conversation: key, ...extent }))
          .filter(({ floor, head }) => head > floor),
      );
      const later = history.entries.filter((place) =>
        place.conversation === conversation && place.seq > floor
      );
      const isIt = isOf(history.pick(later));
      history.rewrite((place) => isIt(place) ? { ...place, at: 1 } : place);
    },
  },
  {
    fault: "a client remembers what it has not shown",
    kinds: ["cursor_ahead"],
    plant(history) {
      const start = history.pick(history.all("start", ({ cursors }) => Object.keys(cursors).length > 0));
      const conversation = history.pick(Object.keys(start.cursors));
      const cursors = { ...start.cursors, [conversation]: history.extents[conversation]!.head + 1 };
      history.replace(start, { ...start, cursors });
    },
  },
  {
    fault: "a client forgets what it has shown",
    kinds: ["cursor_behind", "skipped"],
    plant(history) {
      const places = history.all("start").flatMap((start) =>
        Object.entries(start.cursors).map(([conversation, seq]) => ({ start, conversation, seq }))
      );
      const { start, conversation, seq } = history.pick(places.filter((place) => wasShown(history, place)));
      history.replace(start, { ...start, cursors: { ...start.cursors, [conversation]: seq - 2 } });
    },
  },
];
