import { FILE_CHUNK } from "../../protocol/limits.ts";
import { Refused } from "../refused.ts";
import type { Transport } from "../transport.ts";
import { board } from "./carriage.ts";
import type { Landing } from "./landing.ts";
import { Opener, PIECE_BYTES, piecesOf, sealedSize } from "./pieces.ts";

/** Where in the sealed file somebody goes on who has `have` bytes of the file: always before its last piece. */
export function sealedOffset(have: number): number {
  return Math.floor(have / PIECE_BYTES) * FILE_CHUNK;
}

/** Fetches what is missing of a file; resolves when all of it has come. Rejects with `Refused`, `file_hash` where it was changed. */
export async function download(
  { transport, ticket, size, key, landing, moved }: {
    readonly transport: Transport;
    readonly ticket: string;
    /** Of the file itself. */
    readonly size: number;
    readonly key: string;
    readonly landing: Landing;
    readonly moved: (done: number) => void;
  },
): Promise<void> {
  const opener = new Opener(key, size);
  const from = sealedOffset(landing.have);
  const freight = board(transport, ticket);
  const first = (await freight.next()).value;
  const fits = first?.type === "transfer" && first.size === sealedSize(size) && first.have === from;
  if (!fits) throw new Refused("file", "The server does not keep to what was offered");
  let at = from / FILE_CHUNK;
  try {
    for await (const item of freight) {
      if (item.type !== "chunk") continue;
      const piece = opener.open(at++, item.chunk);
      if (piece === undefined) throw changed();
      await landing.take(piece);
      moved(landing.have);
      if (at === piecesOf(size)) break;
    }
  } finally {
    await landing.written(); // whoever goes on with the file finds nobody writing in it
  }
}

/** What is said where a file is not what was sent. */
export function changed(): Refused {
  return new Refused("file_hash", "What came is not what was sent: it was changed on its way");
}
