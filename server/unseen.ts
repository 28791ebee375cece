import { otherOf } from "./entry.ts";
import type { Seat } from "./person.ts";
import type { Store } from "./store/store.ts";

/**
 * The conversations of an account that its device never had: it has been here, and does not name them. That another
 * device took something, or that it was once written to this one, does not bring it here: what came since the device
 * was made is still to come. By the other's name, with the last seq from before.
 */
export async function unseenBy(
  { person: { account, name, marks }, device }: Seat,
  named: ReadonlySet<string>,
  store: Store,
): Promise<ReadonlyMap<string, number>> {
  if (!account) return new Map();
  const made = (await store.people.devices(account.id)).find((each) => each.device === device)?.created;
  if (made === undefined) return new Map();
  const keys = [...marks.keys()].filter((key) => key.startsWith("@") && !named.has(otherOf(key, name)));
  const unseen = await Promise.all(keys.map(async (key) => {
    const before = await missedSince(store, key, made);
    return before === undefined
      ? []
      : [[otherOf(key, name), Math.max(before, marks.get(key)!.floor)] as const];
  }));
  return new Map(unseen.flat());
}

/** The last seq from before a time, where something has come since. All is kept, and its times never go back. */
async function missedSince(store: Store, conversation: string, time: number): Promise<number | undefined> {
  const { head } = await store.extent(conversation);
  let before = 0;
  let last = head;
  // The head first: as a rule nothing has come since.
  for (let seq = head; before < last; seq = Math.ceil((before + last) / 2)) {
    const [entry] = await store.read(conversation, { after: seq - 1, limit: 1 });
    if (entry && entry.at < time) before = seq;
    else last = seq - 1;
  }
  return before < head ? before : undefined;
}
