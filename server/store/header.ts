import { damaged } from "./failures.ts";
import { APPLICATION_ID, MIGRATIONS, newer } from "./migrations.ts";

const MAGIC = "SQLite format 3\0";
const HEADER = 100;

/** Looks at the start of a database file before SQLite does, which might change something. Throws where it cannot be used. */
export function checkHeader(path: string): void {
  const bytes = firstBytes(path);
  if (new TextDecoder("latin1").decode(bytes.subarray(0, MAGIC.length)) !== MAGIC || bytes.length < HEADER) {
    throw damaged(path, bytes.length === 0 ? "it is empty" : "it is not a database");
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, HEADER);
  if (view.getUint32(68) !== APPLICATION_ID) throw damaged(path, "it is a database of another program");
  const version = view.getUint32(60);
  if (version > MIGRATIONS.length) throw newer(path, version);
  const page = view.getUint16(16);
  const size = view.getUint32(28) * (page === 1 ? 65_536 : page);
  const has = Deno.statSync(path).size;
  if (has < size && !hasLog(path)) throw damaged(path, `it has ${has} of ${size} bytes`);
}

function firstBytes(path: string): Uint8Array {
  using file = Deno.openSync(path);
  const bytes = new Uint8Array(HEADER);
  return bytes.subarray(0, file.readSync(bytes) ?? 0);
}

/** Whether there is a log from which the file is completed. */
function hasLog(path: string): boolean {
  try {
    return Deno.statSync(`${path}-wal`).size > 0;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
