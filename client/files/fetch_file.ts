import { Refused } from "../refused.ts";
import { download, sealedOffset } from "./download.ts";
import type { FilesWorld } from "./files_world.ts";
import { Landing } from "./landing.ts";
import { Pieces } from "./pieces.ts";
import { ending } from "./send_file.ts";
import type { Incoming } from "./transfer_notes.ts";

/** How a file comes in, and who hears of it. */
export interface Fetching {
  readonly noted: Incoming & { readonly folder: string; readonly as: string };
  readonly world: FilesWorld;
  readonly halted: AbortSignal;
  readonly note: (more: Partial<Pick<Incoming, "part">>) => Promise<void>;
  readonly moved: (done: number) => void;
}

/** One attempt to fetch a file, from wherever the last one has got to; resolves with where it was saved. */
export async function fetchFile({ noted, world, halted, note, moved }: Fetching): Promise<string> {
  const { folder, as: name, file, size, key, hash } = noted;
  const pieces = await Pieces.open(key, size);
  await Deno.mkdir(folder, { recursive: true });
  const left = noted.part === undefined ? undefined : await Landing.resume(noted.part);
  using landing = left ?? await Landing.begin(folder, name);
  if (left === undefined) await note({ part: landing.path });
  moved(landing.have);
  const ask = await world.linked();
  const { ticket } = await ask({ type: "download", file, have: sealedOffset(landing.have, size) });
  halted.throwIfAborted();
  using transport = await world.dial();
  using _ = ending(transport, halted);
  await download({ transport, ticket, size, pieces, landing, moved });
  halted.throwIfAborted();
  const path = await landing.finish(hash, { folder, name });
  if (path === undefined) {
    await Deno.remove(landing.path);
    throw new Refused("file_hash", "What came is not what was offered: it was thrown away");
  }
  await ask({ type: "fetched", file }).catch(() => {}); // the server keeps it a while longer then
  return path;
}
