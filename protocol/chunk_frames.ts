import { FILE_CHANNEL, HEADER_BYTES } from "./limits.ts";

/** Bytes in front of the payload of a binary frame: the channel. */
export const CHANNEL_BYTES = 4;
/** What a frame adds to a chunk. */
export const FRAMING_BYTES = HEADER_BYTES + CHANNEL_BYTES;
/** The first bit of a binary frame's header. */
const BINARY = 0x80000000;

/** Writes what comes in front of a chunk of `length` bytes; the chunk itself begins `FRAMING_BYTES` behind `at`. */
export function putFraming(view: DataView, at: number, length: number): void {
  view.setUint32(at, BINARY + CHANNEL_BYTES + length);
  view.setUint32(at + HEADER_BYTES, FILE_CHANNEL);
}
