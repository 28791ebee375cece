import { type Bytes, utf8 } from "./encoding.ts";
import type { Header } from "./records.ts";

/** What the device signs of a header: all of it, and the group that it stands in. */
export function headerBytes(group: string, header: Omit<Header, "signature">): Bytes {
  const { v, device, from, to, id, n, key, hash, log } = header;
  return utf8(JSON.stringify(["chat header 1", group, v, device, from, to, id, n, key, hash, ...log]));
}
