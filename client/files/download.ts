import { FILE_CHUNK } from "../../protocol/limits.ts";
import { Refused } from "../refused.ts";
import type { Transport } from "../transport.ts";
import { board } from "./carriage.ts";
import type { Landing } from "./landing.ts";
import { PIECE_BYTES, type Pieces, piecesOf, sealedSize } from "./pieces.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** Pieces that are opened together: half a MiB. */
const AT_ONCE = 8;

/** Where in the sealed file somebody goes on who has `have` bytes of `size`. */
export function sealedOffset(have: number, size: number): number {
  const pieces = Math.floor(have / PIECE_BYTES);
  return pieces >= piecesOf(size) ? sealedSize(size) : pieces * FILE_CHUNK;
}

/** Fetches what is missing of a file; resolves when it has landed. Rejects with `Refused`, `file_hash` where it was changed. */
export async function download(
  { transport, ticket, size, pieces, landing, moved }: {
    readonly transport: Transport;
    readonly ticket: string;
    /** Of the file itself. */
    readonly size: number;
    readonly pieces: Pieces;
    readonly landing: Landing;
    readonly moved: (done: number) => void;
  },
): Promise<void> {
  const from = Math.floor(landing.have / PIECE_BYTES);
  const freight = board(transport, ticket);
  const first = (await freight.next()).value;
  const fits = first?.type === "transfer" && first.size === sealedSize(size) &&
    first.have === sealedOffset(landing.have, size);
  if (!fits) throw new Refused("file", "The server does not keep to what was offered");
  let at = from;
  let gathered: Bytes[] = [];
  let writing: Promise<void> = Promise.resolve();
  let before = writing;
  const land = async (opened: readonly (Bytes | undefined)[]) => {
    for (const piece of opened) {
      if (piece === undefined) throw changed();
      await landing.write(piece);
    }
    moved(landing.have);
  };
  if (at === piecesOf(size)) return;
  try {
    for await (const item of freight) {
      if (item.type !== "chunk") continue;
      gathered.push(item.chunk);
      const last = at + gathered.length === piecesOf(size);
      if (gathered.length < AT_ONCE && !last) continue;
      await before; // one batch is written while another one is opened
      before = writing;
      const number = at;
      const opening = Promise.all(gathered.map((chunk, i) => pieces.open(number + i, chunk)));
      writing = writing.then(async () => await land(await opening));
      writing.catch(() => {}); // awaited below
      at += gathered.length;
      gathered = [];
      if (last) break;
    }
    await writing;
  } finally {
    await writing.catch(() => {}); // whoever goes on with the file finds nobody writing in it
  }
  if (landing.have !== size) throw changed();
}

function changed(): Refused {
  return new Refused("file_hash", "What came is not what was sent: it was changed on its way");
}
