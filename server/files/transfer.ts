import { encode } from "../../protocol/codec.ts";
import { FRAMING_BYTES } from "../../protocol/chunk_frames.ts";
import { FILE_CHUNK } from "../../protocol/limits.ts";
import { joined } from "../../protocol/joined.ts";
import { Deadline } from "../deadline.ts";
import type { Socket } from "../socket.ts";
import { within } from "../within.ts";
import type { Arrival } from "./arrival.ts";
import { CHUNKS_AT_ONCE, type Reached } from "./file_link.ts";
import type { FileThread } from "./file_thread.ts";
import { Gather } from "./gather.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** How long the other side may do nothing. */
const STALL_MS = 60_000;
/** Of frames that are handed out together. */
const MOST_BYTES = CHUNKS_AT_ONCE * (FRAMING_BYTES + FILE_CHUNK);

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
 * the disk. Resolves with what was wrong, if something was. `moved` hears how far it is, `rest` was read already.
 */
export async function takeIn(
  { socket, thread, file, size, pace, rest, now, moved }: Carried & {
    readonly rest: Bytes;
    /** Milliseconds since 1970. */
    readonly now: number;
    readonly moved: (taken: Reached) => void;
  },
): Promise<string | undefined> {
  const have = await thread.ask("begin", file, now);
  await send(socket, encode({ type: "transfer", size, have }));
  const frames = size - have + FRAMING_BYTES * Math.ceil((size - have) / FILE_CHUNK);
  using coming = new Gather(socket, frames - rest.length);
  using patience = new Deadline(STALL_MS);
  let [has, told] = [have, have];
  try {
    for (let next: Bytes | undefined = rest; next !== undefined; next = await coming.next(patience.over)) {
      const count = next.length;
      const { problem, bytes, ...reached } = await thread.ask("take", file, next);
      if (next !== rest) coming.giveBack(bytes);
      moved(reached);
      if (reached.have > has) patience.putOff(); // bytes that make no chunk are as good as none
      has = reached.have;
      if (reached.stored > told || reached.stored === size) {
        told = reached.stored;
        await send(socket, encode({ type: "stored", have: told }));
      }
      if (problem !== undefined) return problem;
      if (told === size) return undefined;
      await pace(count);
    }
    return coming.complete ? "More than was announced" : undefined;
  } finally {
    const stored = await thread.ask("pause", file);
    moved({ have: stored, stored });
  }
}

/** Hands a file out from the byte `have`, as far as it has come and while more comes. */
export async function handOut(
  { socket, thread, file, size, pace, have, arrival }: Carried & {
    readonly have: number;
    readonly arrival: Arrival;
  },
): Promise<void> {
  // It says nothing, and closes once it has all.
  const gone = socket.read(new Uint8Array(1)).then(() => {}, () => {});
  const frames = framesOf({ thread, file, size, have, arrival, gone });
  // One word of its own would wait for the acknowledgement of the one before it (Nagle): it goes with the first chunks.
  let head: Bytes = encode({ type: "transfer", size, have });
  if (arrival.have <= have) {
    await send(socket, head);
    head = new Uint8Array(0);
  }
  for (let next = frames.next();;) {
    const { value: bytes } = await next;
    if (bytes === "all") break;
    if (bytes === undefined) return; // there will be no more
    next = frames.next(); // read while these are on their way
    next.catch(() => {}); // awaited then
    await send(socket, head.length > 0 ? joined([head, bytes]) : bytes);
    head = new Uint8Array(0);
    await pace(bytes.length);
  }
  if (head.length > 0) await send(socket, head);
  await within(STALL_MS, gone);
}

/** The frames of a file from a byte on, as soon as they may be handed out; ends early where nothing more comes. */
async function* framesOf(
  { thread, file, size, have, arrival, gone }: Pick<Carried, "thread" | "file" | "size"> & {
    readonly have: number;
    readonly arrival: Arrival;
    readonly gone: Promise<void>;
  },
): AsyncGenerator<Bytes, "all" | undefined> {
  let left = false;
  void gone.then(() => left = true);
  // One is on its way while the other one is filled.
  let [one, other] = [new Uint8Array(MOST_BYTES), new Uint8Array(MOST_BYTES)];
  for (let at = have; at < size;) {
    if (arrival.have <= at) await within(STALL_MS, arrival.moved, gone);
    if (arrival.have <= at || arrival.over || left) return undefined;
    const end = Math.min(arrival.have, at + CHUNKS_AT_ONCE * FILE_CHUNK);
    const { bytes } = await thread.ask("frames", file, { at, end }, one);
    [one, other] = [other, new Uint8Array(bytes.buffer)];
    yield bytes;
    at = end;
  }
  return "all";
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
