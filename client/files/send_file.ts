import { Refused } from "../refused.ts";
import type { AskOnLink } from "../requests.ts";
import type { Transport } from "../transport.ts";
import type { FilesWorld } from "./files_world.ts";
import { sizeText } from "../size_text.ts";
import { keyOf, Pieces, sealedSize } from "./pieces.ts";
import type { Outgoing } from "./transfer_notes.ts";
import { hashFile, upload } from "./upload.ts";

/** How a file goes out, and who hears of it. */
export interface Sending {
  readonly noted: Outgoing;
  readonly world: FilesWorld;
  readonly halted: AbortSignal;
  /** Something is to be remembered from now on. */
  readonly note: (more: Partial<Pick<Outgoing, "hash" | "file">>) => Promise<void>;
  readonly moved: (state: "reading" | "sending", done: number) => void;
}

/** One attempt to send a file and to offer it, from wherever the last one has got to. Rejects with why not. */
export async function sendFile({ noted, world, halted, note, moved }: Sending): Promise<void> {
  const { to, path, name, size, seed } = noted;
  using file = await Deno.open(path);
  moved("reading", 0);
  const hash = await hashFile(file, halted);
  const { size: now } = await file.stat();
  if (now !== size || noted.hash !== undefined && noted.hash !== hash) {
    throw new Refused("changed", `${name} has changed since: send it again`);
  }
  const key = await keyOf(seed, hash);
  const pieces = await Pieces.open(key, size);
  const ask = await world.linked();
  const about = {
    type: "upload",
    to: to.startsWith("#") ? to.slice(1) : to,
    size: sealedSize(size),
  } as const;
  const { file: id, ticket } = await begun(ask, about, noted.file);
  await note({ hash, file: id });
  halted.throwIfAborted();
  using transport = await world.dial();
  using _ = ending(transport, halted);
  await upload({ transport, ticket, file, size, pieces, moved: (done) => moved("sending", done) });
  halted.throwIfAborted();
  const offer = { file: id, name, size, key, hash };
  world.offer(to, `${name} (${sizeText(size)})`, { id: `file-${id}`, file: offer });
}

/** Goes on with a file, or begins anew where the server has it no more: what was not finished is kept for a day. */
async function begun(
  ask: AskOnLink,
  about: { readonly type: "upload"; readonly to: string; readonly size: number },
  file: string | undefined,
): Promise<{ readonly file: string; readonly ticket: string }> {
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
