import { encode } from "../../protocol/codec.ts";
import { FRAMING_BYTES } from "../../protocol/chunk_frames.ts";
import { FILE_CHUNK } from "../../protocol/limits.ts";
import type { Socket } from "../socket.ts";
import { within } from "../within.ts";
import { CHUNKS_AT_ONCE } from "./file_link.ts";
import type { FileThread } from "./file_thread.ts";
import { Gather } from "./gather.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** How long the other side may do nothing. */
const STALL_MS = 60_000;

/** A file on its way over a connection of its own. */
export interface Carried {
  readonly socket: Pick<Socket, "read" | "write">;
  readonly thread: FileThread;
  readonly file: string;
  readonly size: number;
  /** Waits while so many bytes would be in the way of chat. */
  readonly pace: (bytes: number) => Promise<void>;
}

/**
 * Takes a file in, as far as it comes: what is not read yet waits in the network, so that a sender is never faster than
 * the disk. Resolves with what was wrong, if something was. `stored` hears how much is on disk, `rest` was read already.
 */
export async function takeIn(
  { socket, thread, file, size, pace, rest, now, stored }: Carried & {
    readonly rest: Bytes;
    /** Milliseconds since 1970. */
    readonly now: number;
    readonly stored: (have: number) => void;
  },
): Promise<string | undefined> {
  const have = await thread.ask("begin", file, now);
  await send(socket, encode({ type: "transfer", size, have }));
  let told = have;
  const take = async (bytes: Bytes) => {
    const taken = await thread.ask("take", file, bytes);
    if (taken.stored > told || taken.stored === size) {
      told = taken.stored;
      stored(told);
      await send(socket, encode({ type: "stored", have: told }));
    }
    return taken.problem;
  };
  try {
    const coming = new Gather(socket, STALL_MS);
    let due = size - have + FRAMING_BYTES * Math.ceil((size - have) / FILE_CHUNK);
    for (let bytes: Bytes | undefined = rest; bytes !== undefined;) {
      due -= bytes.length;
      const more = due > 0 ? coming.next() : undefined;
      const problem = await take(bytes); // while the next ones come
      if (problem !== undefined) return problem;
      await pace(bytes.length);
      bytes = await more;
    }
    return due <= 0 && told < size ? "More than was announced" : undefined;
  } finally {
    stored(await thread.ask("pause", file));
  }
}

/** Hands a file out from the byte `have`. */
export async function handOut(
  { socket, thread, file, size, pace, have }: Carried & { readonly have: number },
): Promise<void> {
  await send(socket, encode({ type: "transfer", size, have }));
  const step = CHUNKS_AT_ONCE * FILE_CHUNK;
  let next = have < size ? thread.ask("frames", file, have) : undefined;
  for (let at = have; next !== undefined;) {
    const bytes = await next;
    at += step;
    next = at < size ? thread.ask("frames", file, at) : undefined;
    next?.catch(() => {}); // awaited once these are on their way
    await send(socket, bytes);
    await pace(bytes.length);
  }
  await new Gather(socket, STALL_MS).next(); // it closes once it has all
}

/** Rejects where the other side is gone, or takes nothing. */
async function send(socket: Pick<Socket, "write">, bytes: Bytes): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    const count = await inTime(socket.write(bytes.subarray(at)));
    if (count === undefined) throw new Error("The other side takes nothing any more");
    at += count;
  }
}

/** What `work` resolves with, or nothing when the other side has done nothing for too long. */
async function inTime<T>(work: Promise<T>): Promise<T | undefined> {
  let value: T | undefined;
  await within(STALL_MS, work.then((done) => value = done));
  return value;
}
