import type { ErrorCode } from "../protocol/errors.ts";
import type { Room } from "./room.ts";

/** Why a hello or a request is not granted. */
export interface Denial {
  readonly code: ErrorCode;
  readonly message: string;
  readonly retry_ms?: number;
  readonly min?: number;
  readonly max?: number;
}

/** Why somebody may not speak or read there. */
export function notIn(name: string, room: Room | undefined): Denial {
  if (room) return { code: "not_member", message: `You are not in the room ${name}: join it first` };
  return { code: "room", message: `There is no room named ${name}: joining makes it` };
}
