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
