import type { Seat } from "../person.ts";
import type { FileRecord } from "./file_record.ts";

/** Whether a file is for this one, among others: it is in the room, or one of the two. */
export function mayHave({ person, name }: Seat, { conversation }: FileRecord): boolean {
  if (conversation.startsWith("#")) return person.rooms.has(conversation.slice(1));
  return conversation.slice(1).split(" ").includes(name);
}
