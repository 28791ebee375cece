import type { Counts } from "../store/database_check.ts";
import { backup } from "./backup.ts";
import { openData, peopleOf } from "./database.ts";
import { exportRoom } from "./export_room.ts";
import { restore } from "./restore.ts";
import { workOnUser } from "./user.ts";
import type { Work } from "./work.ts";

interface Streams {
  /** Writes to standard output; false when nobody reads it any more. */
  readonly out: (text: string) => boolean;
  readonly err: (text: string) => void;
}

/** Does what `chat serve` was asked to do instead of serving. */
export async function doWork(work: Work, folder: string, { out, err }: Streams): Promise<void> {
  if (work.kind === "restore") {
    const { counts, kept } = await restore(folder, work.file);
    out(`${folder} has what was in ${work.file}: ${worded(counts)}\n`);
    if (kept !== undefined) err(`What was there before is in ${kept}\n`);
    return;
  }
  const db = await openData(folder);
  try {
    switch (work.kind) {
      case "backup":
        out(`${work.file} has ${worded(await backup(db, work.file))}\n`);
        return;
      case "export":
        for (const lines of exportRoom(db, work.room)) if (!out(lines)) return;
        return;
      case "user": {
        const told = await workOnUser(peopleOf(db), work.name, work.deed);
        out(told.out);
        if (told.err !== undefined) err(told.err);
        return;
      }
      default:
        return work satisfies never;
    }
  } finally {
    db.close();
  }
}

/** Counts, in words. */
export function worded({ messages, conversations, accounts }: Counts): string {
  return [
    `${messages} ${messages === 1 ? "message" : "messages"} in`,
    `${conversations} ${conversations === 1 ? "conversation" : "conversations"},`,
    `${accounts} ${accounts === 1 ? "account" : "accounts"}`,
  ].join(" ");
}
