import { boxKey, unlock } from "../../../client/keys/box.ts";
import { fromUtf8, toBytes } from "../../../client/keys/encoding.ts";
import { KeyJournal } from "../../../client/keys/key_journal.ts";
import { Ledger } from "../../../client/keys/ledger.ts";
import { readRecords, type Record } from "../../../client/keys/records.ts";

/** All that can be read in the journal of a folder of keys, as the next program that is alone there would. */
export async function recordsIn(folder: string): Promise<Record[]> {
  const text = await Deno.readTextFile(`${folder}/key`).catch(() => "");
  if (text.trim() === "") return [];
  const key = await boxKey(toBytes(text.trim()), "journal");
  const records: Record[] = [];
  for (const each of await KeyJournal.peek(`${folder}/1`)) {
    const plain = await unlock(key, each);
    if (plain !== undefined) records.push(...readRecords(fromUtf8(plain)));
  }
  return records;
}

/** Whose keys are trusted, as it stands in such a folder. */
export async function trustedIn(folder: string): Promise<ReadonlySet<string>> {
  const text = await Deno.readTextFile(`${folder}/1/trust.json`).catch(() => "");
  return new Set(text === "" ? [] : Object.keys(JSON.parse(text).pins));
}

/** What these records come to. */
export function ledgerOf(records: readonly Record[]): Ledger {
  const ledger = new Ledger();
  for (const record of records) ledger.take(record);
  return ledger;
}
