import { joined } from "../../protocol/joined.ts";
import { type Bytes, toBytes, toText } from "./encoding.ts";

/** The form of what is sealed, and the way of sealing (MLS with X-Wing, AES-256-GCM, Ed25519); it comes first. */
const VERSION = 1;
const GROUP_BYTES = 16;

/** What stands in `sealed`. */
export interface SealedForm {
  readonly group: Bytes;
  /** Lets the members in; of the first message of a group. */
  readonly welcome: Bytes;
  readonly message: Bytes;
  readonly body: Bytes;
}

/** Version, group, then welcome and message with their lengths before them, and the body. */
export function writeSealed({ group, welcome, message, body }: SealedForm): string {
  return toText(joined([new Uint8Array([VERSION]), group, sized(welcome), sized(message), body]));
}

/** `version` where it is of another form; nothing where it is of none. */
export function readSealed(sealed: string): SealedForm | "version" | undefined {
  try {
    const bytes = toBytes(sealed);
    if (bytes[0] !== VERSION) return "version";
    const view = new DataView(bytes.buffer);
    let at = 1 + GROUP_BYTES;
    const take = () => {
      const end = at + 4 + view.getUint32(at);
      if (end > bytes.length) throw new RangeError("cut short");
      const part = bytes.slice(at + 4, end);
      at = end;
      return part;
    };
    const [welcome, message] = [take(), take()];
    return { group: bytes.slice(1, 1 + GROUP_BYTES), welcome, message, body: bytes.slice(at) };
  } catch {
    return undefined;
  }
}

function sized(part: Bytes): Bytes {
  const size = new Uint8Array(4);
  new DataView(size.buffer).setUint32(0, part.length);
  return joined([size, part]);
}
