/** One call that the shim wrote down. Paths are below the watched folder; that of the folder itself is empty. */
export type Call =
  & { readonly path: string }
  & (
    /** `fault` is one that the shim made, `failed` came by itself; either did nothing. */
    | { readonly kind: Plain }
    | { readonly kind: "write"; readonly at: number; readonly bytes: Uint8Array }
    | { readonly kind: "truncate"; readonly size: number }
    | { readonly kind: "rename"; readonly to: string }
    /** Something was acknowledged: so many lines. */
    | { readonly kind: "ack"; readonly lines: number }
  );

type Plain = "create" | "mkdir" | "sync" | "unlink" | "failed" | "fault";

const PLAIN: Readonly<Record<string, Plain>> = {
  c: "create",
  m: "mkdir",
  s: "sync",
  u: "unlink",
  x: "failed",
  f: "fault",
};
const HEAD = 24;
const decoder = new TextDecoder();

/** What was recorded at `path` about the files below `folder`, in the order in which it was done. */
export async function readLog(path: string, folder: string): Promise<readonly Call[]> {
  const log = await Deno.readFile(path);
  const view = new DataView(log.buffer);
  const below = (whole: string) => whole.slice(folder.length + 1);
  const calls: Call[] = [];
  for (let at = 0; at < log.length;) {
    const letter = String.fromCharCode(view.getUint32(at, true));
    const start = at + HEAD + view.getUint32(at + 4, true);
    const end = start + view.getUint32(at + 8, true);
    const name = below(decoder.decode(log.subarray(at + HEAD, start)));
    const bytes = log.subarray(start, end);
    const offset = Number(view.getBigInt64(at + 16, true));
    calls.push(callOf(letter, name, offset, bytes, below));
    at = end;
  }
  return calls;
}

function callOf(
  letter: string,
  path: string,
  at: number,
  bytes: Uint8Array,
  below: (path: string) => string,
): Call {
  const kind = PLAIN[letter];
  if (kind !== undefined) return { kind, path };
  switch (letter) {
    case "w":
      return { kind: "write", path, at, bytes };
    case "t":
      return { kind: "truncate", path, size: at };
    case "r":
      return { kind: "rename", path, to: below(decoder.decode(bytes)) };
    case "a":
      return { kind: "ack", path: "", lines: bytes.filter((byte) => byte === 0x0a).length };
    default:
      throw new Error(`The shim's log has a call ${JSON.stringify(letter)}, which nobody knows.`);
  }
}
