import type { Denial } from "../denial.ts";
import type { Seat } from "../person.ts";
import type { FileRecord } from "./file_record.ts";

/** The same to everybody who may not have a file, whether there is one or not. */
export const NONE: Denial = {
  code: "file",
  message: "There is no such file here, or not for you (any more)",
};
/** A server that has no folder for them. */
export const NO_FOLDER: Denial = {
  code: "file",
  message: "This server keeps no files, since it keeps nothing (--ephemeral)",
};

/** Whether a file is for this one, among others: it is in the room, or one of the two. */
export function mayHave({ person, name }: Seat, { conversation }: FileRecord): boolean {
  if (conversation.startsWith("#")) return person.rooms.has(conversation.slice(1));
  return conversation.slice(1).split(" ").includes(name);
}
