import { openBody } from "../../../client/keys/body.ts";
import { toBytes, toText } from "../../../client/keys/encoding.ts";
import type { Ledger } from "../../../client/keys/ledger.ts";
import { readSealed } from "../../../client/keys/sealed_form.ts";
import { ledgerOf, recordsIn, trustedIn } from "./key_files.ts";
import type { Said } from "./stated_client.ts";

/** What left and stands on what is not in a folder of keys, in words. */
export async function unfounded(said: readonly Said[], folder: string, from: string): Promise<string[]> {
  const wrong: string[] = [];
  const [ledger, trusted] = [ledgerOf(await recordsIn(folder)), await trustedIn(folder)];
  const known = new Set(ledger.packages.values().map(({ publicPart }) => toText(publicPart)));
  const gone = new Set<string>();
  for (const each of said) {
    if ("sealed" in each && !await opens(each, ledger, from)) wrong.push(`the key of ${each.id} is not kept`);
    if ("sealed" in each && !trusted.has(each.to)) wrong.push(`the key of ${each.to} is not kept`);
    if (!("publish" in each)) continue;
    const { device, statement, packages = [], last_resort: last } = each.publish;
    if (device !== undefined && device !== ledger.device?.id) wrong.push("the device is not kept");
    if (statement && statement.key !== ledger.account?.public) wrong.push("the account's key is not kept");
    if (last !== undefined && !known.has(last)) wrong.push("the last resort is not kept");
    for (const part of packages) if (!known.has(part)) gone.add(part);
  }
  // Packages are for one group each, and then they go.
  if (gone.size > ledger.groups.size) wrong.push(`${gone.size} packages are not kept`);
  return wrong;
}

async function opens({ sealed, to, id }: Extract<Said, { sealed: string }>, ledger: Ledger, from: string) {
  const form = readSealed(sealed);
  if (form === undefined || form === "version") return false;
  for (const { key } of ledger.keys(to, id)) {
    if (await openBody(form.body, toBytes(key), { from, to, id }) !== undefined) return true;
  }
  return false;
}
