import type { FilesWorld } from "../../client/files/files_world.ts";
import { TransferNotes } from "../../client/files/transfer_notes.ts";
import { Transfers } from "../../client/files/transfers.ts";

/** What makes a client send and fetch files: remembered in `folder`, saved in `NAME downloads` there. */
export async function withFiles(
  folder: string,
  name: string,
): Promise<{ readonly files: (world: FilesWorld) => Transfers }> {
  const notes = await TransferNotes.open(`${folder}/${name} transfers`);
  return { files: (world) => new Transfers(world, { notes, downloads: downloads(folder, name) }) };
}

/** Where it saves what it fetches. */
export function downloads(folder: string, name: string): string {
  return `${folder}/${name} downloads`;
}
