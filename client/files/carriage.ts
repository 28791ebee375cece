import { CHANNEL_BYTES } from "../../protocol/chunk_frames.ts";
import { decodeEvent, encode } from "../../protocol/codec.ts";
import { FrameReader } from "../../protocol/frames.ts";
import type { Event } from "../../protocol/schema.ts";
import { Refused } from "../refused.ts";
import type { Transport } from "../transport.ts";

/** One thing that comes on a connection that carries a file: a word of the server, or a chunk. */
export type Freight =
  | Extract<Event, { type: "transfer" | "stored" }>
  | { readonly type: "chunk"; readonly chunk: Uint8Array<ArrayBuffer> };

/** Shows the ticket; what comes then. Rejects with `Refused`, `offline` when it ends before its time. */
export async function* board(transport: Transport, ticket: string): AsyncGenerator<Freight> {
  await transport.send(encode({ type: "transfer", ticket }));
  const frames = new FrameReader({ welcomed: true });
  for await (const bytes of transport.incoming) {
    for (const { kind, payload } of frames.push(bytes)) {
      if (kind === "binary") {
        yield { type: "chunk", chunk: payload.subarray(CHANNEL_BYTES) as Uint8Array<ArrayBuffer> };
        continue;
      }
      const event = decodeEvent(payload);
      // A ticket is soon worth nothing, and its server soon another one: the next attempt has a ticket of its own.
      if (event.type === "error") {
        throw new Refused(event.code === "file" ? "ticket" : event.code, event.message);
      }
      if (event.type === "transfer" || event.type === "stored") yield event;
    }
  }
  throw new Refused("offline", "The connection ended before the file was there");
}
