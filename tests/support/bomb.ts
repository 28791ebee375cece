import { crc32 } from "node:zlib";
import { concat } from "./wire.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** What a file in the innermost archives is like once it is unpacked. */
const ZEROS = 64 * 1024 * 1024;
const COPIES = 16;
const LEVELS = 5;
const DEFLATED = 8;
const LOCAL_BYTES = 30;

/** An archive bomb: archives in archives in archives, small as it is, and very much once all of it is unpacked. */
export async function bomb(): Promise<{ readonly bytes: Bytes; readonly unpacked: number }> {
  let bytes: Bytes = new Uint8Array(ZEROS);
  for (let level = 0; level < LEVELS; level++) bytes = await archive(bytes);
  return { bytes, unpacked: ZEROS * COPIES ** LEVELS };
}

/** Unpacks the first file of the first archive in it, to the bottom: how many bytes that one has. */
export async function bottom(bytes: Bytes): Promise<number> {
  for (let level = 0; level < LEVELS; level++) {
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    const from = LOCAL_BYTES + view.getUint16(26, true);
    bytes = await through(
      new DecompressionStream("deflate-raw"),
      bytes.slice(from, from + view.getUint32(18, true)),
    );
  }
  return bytes.length;
}

/** A ZIP archive with this file in it, so many times. */
async function archive(bytes: Bytes): Promise<Bytes> {
  const packed = await through(new CompressionStream("deflate-raw"), bytes);
  const sums = fours(crc32(bytes), packed.length, bytes.length);
  const [files, directory]: [Uint8Array[], Uint8Array[]] = [[], []];
  for (let copy = 0; copy < COPIES; copy++) {
    const name = new TextEncoder().encode(`${String(copy).padStart(2, "0")}.zip`);
    const about = concat(twos(20, 0, DEFLATED, 0, 0), sums, twos(name.length, 0));
    const at = copy * (LOCAL_BYTES + name.length + packed.length);
    files.push(fours(0x04034b50), about, name, packed);
    directory.push(fours(0x02014b50), twos(20), about, twos(0, 0, 0), fours(0, at), name);
  }
  const [body, index] = [concat(...files), concat(...directory)];
  const end = concat(
    fours(0x06054b50),
    twos(0, 0, COPIES, COPIES),
    fours(index.length, body.length),
    twos(0),
  );
  return concat(body, index, end);
}

async function through(stream: CompressionStream | DecompressionStream, bytes: Bytes): Promise<Bytes> {
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer());
}

/** Numbers of two bytes each, little-endian. */
function twos(...values: readonly number[]): Uint8Array {
  return Uint8Array.from(values.flatMap((value) => [value & 0xff, value >> 8]));
}

function fours(...values: readonly number[]): Uint8Array {
  return Uint8Array.from(values.flatMap((value) => [0, 8, 16, 24].map((by) => (value >>> by) & 0xff)));
}
