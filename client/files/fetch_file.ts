import { changed, download, sealedOffset } from "./download.ts";
import { Refused } from "../refused.ts";
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
  readonly note: (
    more: Partial<Pick<Incoming, "part" | "path" | "hash" | "state" | "owed">>,
  ) => Promise<void>;
  readonly moved: (done: number) => void;
  /** It is there, whole and right; what may still be waited for is the disk, and the server. */
  readonly landed: () => void;
}

/**
 * One attempt to fetch a file, from wherever the last one has got to. The server may forget it only when it is on this
 * disk for good.
 */
export async function fetchFile(fetching: Fetching): Promise<void> {
  const { noted, world, note, landed } = fetching;
  if (await isThere(noted)) {
    await note({ state: "saved", owed: true });
    landed();
  } else {
    if (noted.path !== undefined) await discardEmpty(noted.path); // claimed, and never used
    await fetchRest(fetching);
  }
  const ask = await world.linked();
  try {
    await ask({ type: "fetched", file: noted.file });
  } catch (error) {
    if (!(error instanceof Refused && error.code === "file")) throw error; // else it knows already
  }
  await note({ owed: false });
}

/** Whether an earlier attempt has saved it; where it was taken from there since, it was whole. */
async function isThere({ path, hash, owed }: Incoming): Promise<boolean> {
  if (path === undefined || hash === undefined) return false;
  const found = await hashOf(path);
  return found === hash || found === undefined && owed === true;
}

async function fetchRest({ noted, world, halted, note, moved, landed }: Fetching): Promise<void> {
  const { folder, as: name, file, size, key } = noted;
  await Deno.mkdir(folder, { recursive: true });
  const left = noted.part === undefined ? undefined : await Landing.resume(noted.part, size);
  using landing = left ?? await Landing.begin({ folder, name, size }, (part) => note({ part }));
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
  landed(); // at once: on some disks noting something down waits for all of what was just written
  await note({ state: "saved", owed: true });
  await landing.synced();
}
