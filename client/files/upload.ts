import { createHash } from "node:crypto";
import { FRAMING_BYTES, putFraming } from "../../protocol/chunk_frames.ts";
import { FILE_CHUNK } from "../../protocol/limits.ts";
import type { Transport } from "../transport.ts";
import { Refused } from "../refused.ts";
import { board } from "./carriage.ts";
import { PIECE_BYTES, type Pieces, piecesOf, sealedSize } from "./pieces.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** Pieces that are sealed and sent together: half a MiB. */
const AT_ONCE = 8;

/** The SHA-256 of a file, in hex. Rejects where it cannot be read, or `halted` is. */
export async function hashFile(file: Deno.FsFile, halted: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  const buffer = new Uint8Array(AT_ONCE * PIECE_BYTES);
  await file.seek(0, Deno.SeekMode.Start);
  for (let count; (count = await file.read(buffer)) !== null;) {
    halted.throwIfAborted();
    hash.update(buffer.subarray(0, count));
  }
  return hash.digest("hex");
}

/** Sends a file from where the server has it; resolves when all of it is there, for good. */
export async function upload(
  { transport, ticket, file, size, pieces, moved }: {
    readonly transport: Transport;
    readonly ticket: string;
    readonly file: Deno.FsFile;
    /** Of the file itself. */
    readonly size: number;
    readonly pieces: Pieces;
    /** Told how much of it is on its way. */
    readonly moved: (done: number) => void;
  },
): Promise<void> {
  const freight = board(transport, ticket);
  const first = (await freight.next()).value;
  if (first?.type !== "transfer" || first.size !== sealedSize(size)) throw strange();
  const arrived = (async () => {
    for await (const word of freight) if (word.type === "stored" && word.have === first.size) return;
  })();
  arrived.catch(() => {}); // awaited below, also when sending fails first
  const from = first.have === first.size ? piecesOf(size) : first.have / FILE_CHUNK;
  let next = batch(file, { from, size, pieces });
  for (let at = from; at < piecesOf(size);) {
    const bytes = await next;
    at = Math.min(at + AT_ONCE, piecesOf(size));
    next = batch(file, { from: at, size, pieces }); // sealed while the network takes the ones before
    next.catch(() => {});
    await transport.send(bytes);
    moved(Math.min(size, at * PIECE_BYTES));
  }
  await arrived;
}

/** Some pieces of a file, framed. */
async function batch(
  file: Deno.FsFile,
  { from, size, pieces }: { readonly from: number; readonly size: number; readonly pieces: Pieces },
): Promise<Bytes> {
  const count = Math.min(AT_ONCE, piecesOf(size) - from);
  if (count === 0) return new Uint8Array(0);
  const plain = await readExactly(
    file,
    from * PIECE_BYTES,
    Math.min(count * PIECE_BYTES, size - from * PIECE_BYTES),
  );
  const sealed = await Promise.all(
    Array.from(
      { length: count },
      (_, i) => pieces.seal(from + i, plain.subarray(i * PIECE_BYTES, (i + 1) * PIECE_BYTES)),
    ),
  );
  const out = new Uint8Array(sealed.reduce((sum, { length }) => sum + FRAMING_BYTES + length, 0));
  const view = new DataView(out.buffer);
  let at = 0;
  for (const piece of sealed) {
    putFraming(view, at, piece.length);
    out.set(piece, at + FRAMING_BYTES);
    at += FRAMING_BYTES + piece.length;
  }
  return out;
}

async function readExactly(file: Deno.FsFile, at: number, count: number): Promise<Bytes> {
  const bytes = new Uint8Array(count);
  await file.seek(at, Deno.SeekMode.Start);
  for (let has = 0; has < count;) {
    const more = await file.read(bytes.subarray(has));
    if (more === null) throw new Refused("changed", "The file has become shorter while it was sent");
    has += more;
  }
  return bytes;
}

function strange(): Refused {
  return new Refused("file", "The server does not keep to what it said of the file");
}
