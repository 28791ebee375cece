import { FILE_CHUNK } from "../../protocol/limits.ts";
import type { Transport } from "../transport.ts";
import { Refused } from "../refused.ts";
import { Batches } from "./batches.ts";
import { board } from "./carriage.ts";
import type { Outflow } from "./outflow.ts";
import { PIECE_BYTES, piecesOf, sealedSize, Sealer } from "./pieces.ts";

/** Sends a file from where the server has it; resolves when all of it is there, for good. */
export async function upload(
  { transport, ticket, begun, outflow, size, key, moved, halted }: {
    readonly transport: Transport;
    readonly ticket: string;
    /** The server may have something of it already. */
    readonly begun: boolean;
    readonly outflow: Outflow;
    /** Of the file itself. */
    readonly size: number;
    readonly key: string;
    /** Told how much of it is on its way. */
    readonly moved: (state: "reading" | "sending", done: number) => void;
    readonly halted: AbortSignal;
  },
): Promise<void> {
  const freight = board(transport, ticket);
  const all = sealedSize(size);
  const opening = freight.next().then(({ value: first }) => {
    if (first?.type !== "transfer" || first.size !== all || !begun && first.have !== 0) throw strange();
    return first.have;
  });
  const arrived = opening.then(async () => {
    for await (const word of freight) if (word.type === "stored" && word.have === all) return;
  });
  arrived.catch(() => {}); // awaited below, also when sending fails first
  const have = begun ? await opening : 0; // of what is new there is nothing, which need not be heard first
  const from = have === all ? piecesOf(size) : have / FILE_CHUNK;
  if (from > 0) moved("reading", 0);
  await outflow.skip(from * PIECE_BYTES, halted);
  const batches = new Batches(outflow, new Sealer(key, size), from);
  for (let next = batches.next();;) {
    const sealed = await next;
    if (sealed.length === 0) break;
    const sent = transport.send(sealed);
    moved("sending", Math.min(size, batches.number * PIECE_BYTES));
    next = batches.next(); // while the network takes these
    next.catch(() => {});
    await sent;
  }
  await arrived;
}

function strange(): Refused {
  return new Refused("file", "The server does not keep to what it said of the file");
}
