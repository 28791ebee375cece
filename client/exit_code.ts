import type { ClientEvent } from "./client_event.ts";

/** What a program exits with when its client has ended. */
export function exitCode({ why, code }: Extract<ClientEvent, { kind: "ended" }>): number {
  switch (why) {
    case "bye":
      return 0;
    case "unreachable":
      return 3;
    case "refused":
      return code === "server_changed" ? 6 : code === "tls" ? 3 : 4;
    case "replaced":
      return 1;
    default:
      return why satisfies never;
  }
}

/** What is told of keys that leaves it open who the others are: nothing is said to anybody that depends on it. */
const ALARMS: ReadonlySet<string> = new Set(["split_view", "key_log"]);
/** Refusals that are about somebody's key, or one's own account: it is another one than before, or said to be gone. */
const CHANGED: ReadonlySet<string> = new Set([
  ...ALARMS,
  "key_changed",
  "key_rollback",
  "key_forged",
  "no_key",
  "no_account",
]);

/** Whether what is told of keys is about everybody's. */
export function isAlarm(code: string): boolean {
  return ALARMS.has(code);
}

/** What a program exits with that something was refused to. */
export function refusalCode(code: string): 5 | 6 {
  return CHANGED.has(code) ? 6 : 5;
}
