import { statementBytes } from "../../protocol/key_texts.ts";
import type { Statement } from "../../protocol/schema.ts";

/** Whether the account of this name has signed this with the key that it states. */
export async function isSigned(name: string, statement: Statement): Promise<boolean> {
  try {
    const raw = Uint8Array.fromBase64(statement.key, { alphabet: "base64url" });
    const signature = Uint8Array.fromBase64(statement.signature, { alphabet: "base64url" });
    const key = await crypto.subtle.importKey("raw", raw, "Ed25519", false, ["verify"]);
    return await crypto.subtle.verify("Ed25519", key, signature, statementBytes(name, statement));
  } catch {
    return false; // no key at all
  }
}
