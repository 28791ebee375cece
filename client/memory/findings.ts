import { readCursors, writeCursors } from "./cursor_file.ts";
import { type Device, readDevice } from "./device_file.ts";
import { enter } from "./door.ts";
import { findLeftovers, type Leftovers } from "./leftovers.ts";
import type { Remembered } from "./memory.ts";
import { OutboxJournal } from "./outbox_journal.ts";
import { makeFolder } from "./own_file.ts";
import { Places } from "./places.ts";

/** What is found when a memory is opened. */
export interface Found {
  readonly folder: string | undefined;
  readonly journal: OutboxJournal | undefined;
  readonly fault: unknown;
  readonly device: Device;
  readonly remembered: Remembered;
}

/** Opens the folder of a name; one that cannot be written is still read. */
export async function takeOver(folder: string | undefined): Promise<Found> {
  if (folder === undefined) {
    const fault = new Error("nobody can have this name");
    return { folder, journal: undefined, fault, device: { account: false }, remembered: nothing };
  }
  try {
    await makeFolder(folder);
    using _door = await enter(folder);
    return await adopt(folder);
  } catch (fault) {
    using leftovers = await findLeftovers(folder);
    return { folder, journal: undefined, fault, ...await look(folder, leftovers) };
  }
}

const nothing: Remembered = { account: false, cursors: new Map(), read: new Map(), drafts: [] };

/** What dead processes have left becomes part of this one's journal, and their places part of `cursors.json`. */
async function adopt(folder: string): Promise<Found> {
  using leftovers = await findLeftovers(folder);
  const { device, remembered, settled } = await look(folder, leftovers);
  const journal = new OutboxJournal(`${folder}/outbox-${crypto.randomUUID()}.jsonl`);
  try {
    const { session, log, account } = device;
    journal.note({ as: { session, log, account } });
    for (const keep of remembered.drafts) journal.note({ keep });
    await journal.synced();
    if (leftovers.dead.length > 0) await writeCursors(folder, settled);
    for (const { path } of leftovers.dead) await Deno.remove(path);
  } catch (error) {
    await journal.close({ remove: true });
    throw error;
  }
  return { folder, journal, fault: undefined, device, remembered };
}

/** Puts together what several files say. */
async function look(
  folder: string,
  { dead, alive }: Leftovers,
): Promise<{ device: Device; remembered: Remembered; settled: Places }> {
  const { device, settled } = whole(await readDevice(folder), await readCursors(folder), dead);
  const places = new Places(settled);
  for (const notes of alive) places.add(notes.places);
  const { log, account, server_key: serverKey } = device;
  // Two guests cannot be one: the session of one that lives is not shown a second time.
  const session = account || alive.length === 0 ? device.session : undefined;
  const remembered: Remembered = {
    account,
    cursors: places.cursors,
    read: places.read,
    drafts: [...new Map(dead.flatMap(({ notes }) => [...notes.drafts])).values()],
    ...session === undefined ? {} : { session },
    ...log === undefined ? {} : { log },
    ...serverKey === undefined ? {} : { serverKey },
  };
  return { device, remembered, settled };
}

/** A process may have died before it wrote down how it had signed in: then its journal says so. */
function whole(
  device: Device,
  settled: Places,
  dead: Leftovers["dead"],
): { device: Device; settled: Places } {
  const last = dead.findLast(({ notes }) => notes.as.session !== undefined)?.notes.as;
  if (device.session === undefined && last) device = { ...device, ...last };
  settled.of(device.log ?? settled.log);
  for (const { notes } of dead) settled.add(notes.places);
  return { device, settled };
}
