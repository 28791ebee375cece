import { damaged } from "./failures.ts";

const HEADER = 32;
const FRAME = 24;
/** With the lowest bit set, checksums are over big-endian words. */
const MAGIC = 0x377f0682;

/** Looks at the log of a database that nobody has open, before SQLite does. Throws `Damaged`. */
export function checkLog(path: string): void {
  const fault = faultOfLog(bytesOf(`${path}-wal`));
  if (fault !== undefined) throw damaged(`${path}-wal`, fault);
}

/**
 * What is wrong with a write-ahead log, if anything is. SQLite reads a log up to the first frame whose checksum is not
 * right, for that is where a power cut ends it: what was being written then is one transaction, and nobody was told of
 * it. Where another transaction follows, the frame was whole once, and what was lost with it had been acknowledged.
 */
export function faultOfLog(log: Uint8Array<ArrayBuffer>): string | undefined {
  if (log.length < HEADER + FRAME) return undefined;
  const view = new DataView(log.buffer, log.byteOffset, log.length);
  const bigEndian = (view.getUint32(0) & 1) === 1;
  const sum = new LogSum(view, bigEndian);
  sum.add(0, HEADER - 8);
  const page = view.getUint32(8);
  const sound = (view.getUint32(0) & ~1) === MAGIC && page >= 512 && page <= 65_536 &&
    (page & (page - 1)) === 0;
  if (!sound || !sum.is(HEADER - 8)) return "its first bytes are not what was written";

  const salts = view.getBigUint64(16);
  let broken = false;
  let commitsAfter = 0;
  for (let at = HEADER; at + FRAME + page <= log.length; at += FRAME + page) {
    const ofThisLog = view.getBigUint64(at + 8) === salts;
    if (!broken) {
      sum.add(at, 8);
      sum.add(at + FRAME, page);
      broken = !ofThisLog || !sum.is(at + 16);
      // Where an older log begins that was not overwritten yet, there are no frames of this one any more.
    }
    if (broken && ofThisLog && view.getUint32(at + 4) !== 0) commitsAfter++;
    if (commitsAfter > 1) return "what was written in the middle of it has changed";
  }
  return undefined;
}

/** SQLite's checksum: two words that grow with each pair of words. */
class LogSum {
  readonly #view: DataView;
  readonly #little: boolean;
  #one = 0;
  #two = 0;

  constructor(view: DataView, bigEndian: boolean) {
    this.#view = view;
    this.#little = !bigEndian;
  }

  add(from: number, bytes: number): void {
    let one = this.#one;
    let two = this.#two;
    for (let at = from; at < from + bytes; at += 8) {
      one = (one + this.#view.getUint32(at, this.#little) + two) | 0;
      two = (two + this.#view.getUint32(at + 4, this.#little) + one) | 0;
    }
    this.#one = one;
    this.#two = two;
  }

  /** Whether it is what stands at a place, where it is always big-endian. */
  is(at: number): boolean {
    return this.#view.getUint32(at) === this.#one >>> 0 && this.#view.getUint32(at + 4) === this.#two >>> 0;
  }
}

function bytesOf(path: string): Uint8Array<ArrayBuffer> {
  try {
    return Deno.readFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return new Uint8Array();
    throw error;
  }
}
