import { onWire } from "../conversation.ts";
import { Refused } from "../refused.ts";
import type { AskOnLink } from "../requests.ts";
import type { Transport } from "../transport.ts";
import type { FilesWorld } from "./files_world.ts";
import { Outflow } from "./outflow.ts";
import { sealedSize } from "./pieces.ts";
import type { Outgoing } from "./transfer_notes.ts";
import { upload } from "./upload.ts";

/** How a file goes out, and who hears of it. */
export interface Sending {
  readonly noted: Outgoing;
  readonly world: FilesWorld;
  readonly halted: AbortSignal;
  /** Something is to be remembered from now on. */
  readonly note: (more: Pick<Outgoing, "file">) => Promise<void>;
  /** Says that the file can be fetched, unless that was said; resolves when it is, rejects with `Refused` where it is not. */
  readonly offer: (file: string) => Promise<void>;
  readonly moved: (state: "reading" | "sending", done: number) => void;
}

/**
 * One attempt to send a file, from wherever the last one has got to. It is offered as soon as the server has a name for
 * it: whoever accepts it at once gets it while it is sent. Rejects with why not.
 */
export async function sendFile({ noted, world, halted, note, offer, moved }: Sending): Promise<void> {
  const { to, path, size, key } = noted;
  using file = await Deno.open(path);
  moved("reading", 0);
  await unchanged(file, noted);
  const ask = await world.linked();
  const about = { type: "upload", to: onWire(to), size: sealedSize(size) } as const;
  const { file: id, ticket, have } = await begun(ask, about, noted.file);
  const known = id === noted.file;
  if (!known) await note({ file: id });
  halted.throwIfAborted();
  if (have === about.size) return await offer(id); // all of it is there, or was, until it was fetched
  offer(id).catch(() => {}); // it is said again when all of it is there
  using transport = await world.dial();
  using _ = ending(transport, halted);
  const outflow = new Outflow(file, size);
  await upload({ transport, ticket, begun: known, outflow, size, key, moved, halted });
  halted.throwIfAborted();
  await unchanged(file, noted);
  await offer(id);
}

/** Rejects with `Refused`, `changed`, where a file is not what was to be sent. */
async function unchanged(file: Deno.FsFile, { name, size, modified }: Outgoing): Promise<void> {
  const now = await file.stat();
  if (now.size === size && (now.mtime?.getTime() ?? 0) === modified) return;
  throw new Refused("changed", `${name} has changed since: send it again`);
}

/** Goes on with a file, or begins anew where the server has it no more: what was not finished is kept for a day. */
async function begun(
  ask: AskOnLink,
  about: { readonly type: "upload"; readonly to: string; readonly size: number },
  file: string | undefined,
): Promise<{ readonly file: string; readonly ticket: string; readonly have: number }> {
  try {
    if (file !== undefined) return await ask({ ...about, file });
  } catch (error) {
    if (!(error instanceof Refused && error.code === "file")) throw error;
  }
  return await ask(about);
}

/** Ends a connection as soon as what it is for is halted. */
export function ending(transport: Transport, halted: AbortSignal): Disposable {
  const end = () => transport[Symbol.dispose]();
  halted.addEventListener("abort", end);
  return { [Symbol.dispose]: () => halted.removeEventListener("abort", end) };
}
