import type { Ask, FileAsk, KeyAsk } from "./link.ts";
import type { AccountAsk } from "./requests.ts";

const ACCOUNT: ReadonlySet<Ask["type"]> = new Set<AccountAsk["type"]>(
  ["login", "register", "enrol", "unregister", "devices", "revoke"],
);
const KEYS: ReadonlySet<Ask["type"]> = new Set<KeyAsk["type"]>(
  ["publish", "keys", "key_log", "vault", "archive"],
);

const FILES: ReadonlySet<Ask["type"]> = new Set<FileAsk["type"]>(
  ["upload", "download", "fetched", "withdraw"],
);

/** Whether a request is for the desk where people prove who they are. */
export function isAboutAccount(asked: Ask): asked is AccountAsk {
  return ACCOUNT.has(asked.type);
}

/** Whether it is about keys. */
export function isAboutKeys(asked: Ask): asked is KeyAsk {
  return KEYS.has(asked.type);
}

/** Whether it is about files that are kept for others. */
export function isAboutFiles(asked: Ask): asked is FileAsk {
  return FILES.has(asked.type);
}
