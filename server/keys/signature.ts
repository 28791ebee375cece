import { statementBytes } from "../../protocol/key_texts.ts";
import type { Statement } from "../../protocol/schema.ts";
import { isSoundEd25519 } from "../../protocol/sound_key.ts";

/** Whether the account of this name has signed this with the key that it states, and nobody else can have. */
export async function isSigned(name: string, statement: Statement): Promise<boolean> {
  try {
    const [raw, ...others] = [statement, ...statement.devices].map(({ key }) => bytesOf(key));
    if (!raw || ![raw, ...others].every(isSoundEd25519)) return false;
    const signature = bytesOf(statement.signature);
    const key = await crypto.subtle.importKey("raw", raw, "Ed25519", false, ["verify"]);
    return await crypto.subtle.verify("Ed25519", key, signature, statementBytes(name, statement));
  } catch {
    return false; // no key at all
  }
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.fromBase64(text, { alphabet: "base64url" });
}
