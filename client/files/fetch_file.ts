import { changed, download, sealedOffset } from "./download.ts";
import type { FilesWorld } from "./files_world.ts";
import { Landing } from "./landing.ts";
import { discardEmpty, hashOf } from "./plain_file.ts";
import { ending } from "./send_file.ts";
import type { Incoming } from "./transfer_notes.ts";

/** How a file comes in, and who hears of it. */
export interface Fetching {
  readonly noted: Incoming & { readonly folder: string; readonly as: string };
  readonly world: FilesWorld;
  readonly halted: AbortSignal;
  readonly note: (more: Partial<Pick<Incoming, "part" | "path" | "hash">>) => Promise<void>;
  readonly moved: (done: number) => void;
  /** It is there, whole and right; what may still be waited for is the disk, and the server. */
  readonly landed: () => void;
}

/**
 * One attempt to fetch a file, from wherever the last one has got to. The server may forget it only when it is on this
 * disk for good.
 */
export async function fetchFile(fetching: Fetching): Promise<void> {
  const { noted: { file, path, hash }, world, landed } = fetching;
  const there = path !== undefined && hash !== undefined && await hashOf(path) === hash;
  if (there) landed();
  else {
    if (path !== undefined) await discardEmpty(path); // claimed, and never used
    await fetchRest(fetching);
  }
  const ask = await world.linked();
  await ask({ type: "fetched", file }).catch(() => {}); // the server keeps it a while longer then
}

async function fetchRest({ noted, world, halted, note, moved, landed }: Fetching): Promise<void> {
  const { folder, as: name, file, size, key } = noted;
  await Deno.mkdir(folder, { recursive: true });
  const left = noted.part === undefined ? undefined : await Landing.resume(noted.part, size);
  using landing = left ?? await Landing.begin(folder, name, size);
  if (left === undefined) await note({ part: landing.path });
  moved(landing.have);
  const ask = await world.linked();
  const { ticket } = await ask({ type: "download", file, have: sealedOffset(landing.have) });
  halted.throwIfAborted();
  using transport = await world.dial();
  using _ = ending(transport, halted);
  await download({ transport, ticket, size, key, landing, moved });
  halted.throwIfAborted();
  // Whoever goes on from here finds it under the one name or the other.
  const path = await landing.finish({ folder, name }, (path, hash) => note({ path, hash }));
  if (path === undefined) {
    await Deno.remove(landing.path);
    throw changed();
  }
  landed();
  await landing.synced();
}
