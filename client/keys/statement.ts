import { statementBytes } from "../../protocol/key_texts.ts";
import type { Statement } from "../../protocol/schema.ts";
import { isSoundEd25519 } from "../../protocol/sound_key.ts";
import { toBytes } from "./encoding.ts";

/** Whether all keys in it are such that only one person can sign with each. */
export function isSound({ key, devices }: Statement): boolean {
  try {
    return [key, ...devices.map(({ key }) => key)].every((each) => isSoundEd25519(toBytes(each)));
  } catch {
    return false; // no base64url
  }
}

/** Whether the account of this name has signed this with the key that it states. */
export async function isGenuine(name: string, statement: Statement): Promise<boolean> {
  try {
    const raw = toBytes(statement.key);
    const key = await crypto.subtle.importKey("raw", raw, "Ed25519", false, ["verify"]);
    const signature = toBytes(statement.signature);
    return await crypto.subtle.verify("Ed25519", key, signature, statementBytes(name, statement));
  } catch {
    return false; // no key at all
  }
}
