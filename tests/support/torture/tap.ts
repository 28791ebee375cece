import type { Transport } from "../../../client/transport.ts";

const decoder = new TextDecoder();

/** What one JSON frame says, as far as a {@linkcode tapped} link is listened to. */
export type Heard = Readonly<Record<string, unknown>>;

/** A link on which somebody listens: each frame is heard before it leaves, and before the client has it. */
export function tapped(
  link: Transport,
  { leaving, coming }: { readonly leaving: (frame: Heard) => void; readonly coming: (frame: Heard) => void },
): Transport {
  const [up, down] = [new Slicer(leaving), new Slicer(coming)];
  return {
    incoming: heard(link.incoming, down),
    async send(bytes) {
      up.push(bytes);
      await link.send(bytes);
    },
    [Symbol.dispose]: () => link[Symbol.dispose](),
  };
}

async function* heard(incoming: AsyncIterable<Uint8Array>, slicer: Slicer): AsyncGenerator<Uint8Array> {
  for await (const chunk of incoming) {
    slicer.push(chunk);
    yield chunk;
  }
}

/** Slices a stream into JSON frames: by itself, so that it has no faults in common with the client's own. */
class Slicer {
  readonly #hear: (frame: Heard) => void;
  #bytes = new Uint8Array();

  constructor(hear: (frame: Heard) => void) {
    this.#hear = hear;
  }

  push(chunk: Uint8Array): void {
    const bytes = new Uint8Array(this.#bytes.length + chunk.length);
    bytes.set(this.#bytes);
    bytes.set(chunk, this.#bytes.length);
    const view = new DataView(bytes.buffer);
    let at = 0;
    while (bytes.length - at >= 4 && bytes.length - at - 4 >= view.getUint32(at)) {
      const end = at + 4 + view.getUint32(at);
      this.#hear(JSON.parse(decoder.decode(bytes.subarray(at + 4, end))));
      at = end;
    }
    this.#bytes = bytes.subarray(at);
  }
}
