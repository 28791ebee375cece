import { decodeEvent, decodeRequest, encode } from "../../protocol/codec.ts";
import { frame, FrameReader } from "../../protocol/frames.ts";
import type { Event, Request } from "../../protocol/schema.ts";
import { tcp, type Transport } from "../../client/transport.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** What somebody between a client and its server makes of what they say; nothing: it goes on as it was. */
export interface Tamper {
  down?: ((event: Event) => Event[] | undefined) | undefined;
  up?: ((request: Request) => Request[] | undefined) | undefined;
  /** Hears the payload of every JSON frame of the client, as it was said. */
  said?: (payload: Bytes) => void;
}

/** A link to a server with somebody in the middle, who may change his mind as he goes. */
export async function tampered(port: number, tamper: Tamper): Promise<Transport> {
  const link = await tcp("127.0.0.1", port);
  const up = new FrameReader({ welcomed: true });
  return {
    incoming: changed(link.incoming, tamper),
    async send(bytes) {
      for (const each of upwards(up, bytes, tamper)) await link.send(each);
    },
    [Symbol.dispose]: () => link[Symbol.dispose](),
  };
}

/** What becomes of bytes on their way to the server. */
export function* upwards(reader: FrameReader, bytes: Uint8Array, tamper: Tamper): Generator<Bytes> {
  for (const { kind, payload } of reader.push(bytes)) {
    if (kind === "binary") {
      yield asBinary(payload);
      continue;
    }
    const said = payload.slice();
    tamper.said?.(said);
    const request = decodeRequest(said);
    for (const each of tamper.up?.(request) ?? [request]) yield encode(each);
  }
}

/** And on their way to the client. */
export function* downwards(reader: FrameReader, bytes: Uint8Array, tamper: Tamper): Generator<Bytes> {
  for (const { kind, payload } of reader.push(bytes)) {
    if (kind === "binary") {
      yield asBinary(payload);
      continue;
    }
    const event = decodeEvent(payload.slice());
    for (const each of tamper.down?.(event) ?? [event]) yield encode(each);
  }
}

async function* changed(incoming: AsyncIterable<Uint8Array>, tamper: Tamper): AsyncGenerator<Bytes> {
  const down = new FrameReader({ welcomed: true });
  for await (const chunk of incoming) yield* downwards(down, chunk, tamper);
}

/** A binary frame, as it was. */
function asBinary(payload: Uint8Array): Bytes {
  const bytes = frame(payload);
  bytes[0]! |= 0x80;
  return bytes;
}
