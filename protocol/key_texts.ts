import type { Statement } from "./schema.ts";

const encoder = new TextEncoder();

/** What stands before the first link of the key log. */
export const BEGINNING = "0".repeat(64);

/** What an account signs when it states its keys. */
export function statementBytes(
  name: string,
  { key, counter, devices }: Omit<Statement, "signature">,
): Uint8Array<ArrayBuffer> {
  const lines = devices.map(({ id, key }) => `${id} ${key}`);
  return encoder.encode(["chat statement 1", name, key, String(counter), ...lines].join("\n"));
}

/** What is hashed (SHA-256) for a link of the key log, so that it stands for all before it. */
export function linkBytes(
  before: string,
  { n, user, key = "" }: { readonly n: number; readonly user: string; readonly key?: string | undefined },
): Uint8Array<ArrayBuffer> {
  return encoder.encode(["chat key log 1", before, String(n), user, key].join("\n"));
}
