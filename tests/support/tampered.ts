import { decodeEvent, decodeRequest, encode } from "../../protocol/codec.ts";
import { frame, FrameReader } from "../../protocol/frames.ts";
import type { Event, Request } from "../../protocol/schema.ts";
import { tcp, type Transport } from "../../client/transport.ts";

/** What somebody between a client and its server makes of what they say; nothing: it goes on as it was. */
export interface Tamper {
  down?: (event: Event) => Event[] | undefined;
  up?: (request: Request) => Request[] | undefined;
}

/** A link to a server with somebody in the middle, who may change his mind as he goes. */
export async function tampered(port: number, tamper: Tamper): Promise<Transport> {
  const link = await tcp("127.0.0.1", port);
  const up = new FrameReader({ welcomed: true });
  return {
    incoming: changed(link.incoming, tamper),
    async send(bytes) {
      for (const { kind, payload } of up.push(bytes)) {
        if (kind === "binary") {
          await link.send(asBinary(payload));
          continue;
        }
        const request = decodeRequest(payload.slice());
        for (const each of tamper.up?.(request) ?? [request]) await link.send(encode(each));
      }
    },
    [Symbol.dispose]: () => link[Symbol.dispose](),
  };
}

async function* changed(incoming: AsyncIterable<Uint8Array>, tamper: Tamper): AsyncGenerator<Uint8Array> {
  const down = new FrameReader({ welcomed: true });
  for await (const chunk of incoming) {
    for (const { kind, payload } of down.push(chunk)) {
      if (kind === "binary") {
        yield asBinary(payload);
        continue;
      }
      const event = decodeEvent(payload.slice());
      for (const each of tamper.down?.(event) ?? [event]) yield encode(each);
    }
  }
}

/** A binary frame, as it was. */
function asBinary(payload: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = frame(payload);
  bytes[0]! |= 0x80;
  return bytes;
}
