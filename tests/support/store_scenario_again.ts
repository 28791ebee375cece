import { assert, assertEquals } from "@std/assert";
import type { Appended, Draft } from "../../server/store/store.ts";
import { SqliteStore } from "../../server/store/store_client.ts";
import { toldIn } from "./store_scenario_told.ts";

/**
 * Says again to the store in `folder` all that a scenario tried to say, as clients do that were not answered. Every
 * message is there once then, and one that was acknowledged before is acknowledged with the same entry. Resolves with
 * how many were not there before. Of what was told only the first `many` lines count.
 */
export async function sayAgain(folder: string, told: string, many?: number): Promise<number> {
  const lines = (await toldIn(told)).slice(0, many);
  const acknowledged = new Map<string, unknown>();
  const tried: Draft[] = [];
  for (const line of lines) {
    if ("did" in line && line.did === "append") {
      for (const { entry } of line.got as readonly Appended[]) acknowledged.set(keyOf(entry!), entry);
    }
    if ("try" in line && line.try === "append") tried.push(...line.asked as readonly Draft[]);
  }
  await using store = await SqliteStore.open({ folder });
  const fresh = new Set<string>();
  const answers = await Promise.all(tried.map((draft) => store.append([draft])));
  for (const [i, draft] of tried.entries()) {
    const [{ entry, duplicate }] = answers[i] as [Appended];
    const key = keyOf(draft);
    const before = acknowledged.get(key);
    if (before !== undefined) assertEquals({ ...entry }, before);
    else acknowledged.set(key, { ...entry });
    assert(duplicate || !fresh.has(key));
    if (!duplicate) fresh.add(key);
  }
  const there = new Map<string, number>();
  for (const conversation of new Set(tried.map((draft) => draft.conversation))) {
    const entries = await store.read(conversation, { limit: 10_000 });
    assertEquals(entries.map(({ seq }) => seq), entries.map((_, i) => i + 1));
    for (const each of entries) there.set(keyOf(each), (there.get(keyOf(each)) ?? 0) + 1);
  }
  assertEquals(there, new Map(tried.map((draft) => [keyOf(draft), 1])));
  return fresh.size;
}

function keyOf({ sender, id }: { readonly sender: string; readonly id: string }): string {
  return `${sender} ${id}`;
}
