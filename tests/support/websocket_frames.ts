import { readAnswer, write } from "./raw_http.ts";
import type { Pass } from "./gui_socket.ts";

const KEY = "dGhlIHNhbXBsZSBub25jZQ==";
const encoder = new TextEncoder();

/** What a frame is made of; a client's is masked. */
export interface FrameParts {
  readonly fin?: boolean;
  readonly rsv?: number;
  readonly opcode: number;
  readonly masked?: boolean;
  readonly payload?: Uint8Array;
  /** What the head says instead of the payload's length, always in 8 bytes. */
  readonly claimed?: bigint;
  /** In how many bytes the length is written, if not in the fewest. */
  readonly wide?: 2 | 8;
}

/** The bytes of a frame, whether there may be such a one or not. */
export function frame(
  { fin = true, rsv = 0, opcode, masked = true, payload = new Uint8Array(), claimed, wide }: FrameParts,
): Uint8Array<ArrayBuffer> {
  const size = payload.length;
  const bytes = claimed !== undefined ? 8 : wide ?? (size < 126 ? 0 : size < 65_536 ? 2 : 8);
  const head = new Uint8Array(2 + bytes + (masked ? 4 : 0));
  const view = new DataView(head.buffer);
  head[0] = (fin ? 0x80 : 0) | (rsv << 4) | opcode;
  head[1] = (masked ? 0x80 : 0) | (bytes === 0 ? size : bytes === 2 ? 126 : 127);
  if (bytes === 2) view.setUint16(2, size);
  if (bytes === 8) view.setBigUint64(2, claimed ?? BigInt(size));
  const whole = new Uint8Array(head.length + size); // the mask is zero, so the payload is as it was
  whole.set(head);
  whole.set(payload, head.length);
  return whole;
}

export function text(payload: string | object): Uint8Array<ArrayBuffer> {
  return frame({
    opcode: 1,
    payload: encoder.encode(typeof payload === "string" ? payload : JSON.stringify(payload)),
  });
}

/** The lines of a handshake, each of which can be another or none. */
export function handshake(
  { port, origin, cookie, token }: Pass,
  odd: Readonly<Record<string, string | null>> = {},
): string {
  const lines: Record<string, string | null> = {
    Host: `127.0.0.1:${port}`,
    Connection: "Upgrade",
    Upgrade: "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": KEY,
    "Sec-WebSocket-Protocol": `chat, ${token}`,
    Origin: origin,
    Cookie: cookie,
    ...odd,
  };
  const given = Object.entries(lines).filter(([, value]) => value !== null);
  return `GET /events HTTP/1.1\r\n${given.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`;
}

/** Comes in, sends bytes, and reads until the other side hangs up: resolves with the code of its close, if it gave one. */
export async function closedWith(pass: Pass, bytes: Uint8Array): Promise<number | undefined> {
  using socket = await Deno.connect({ hostname: "127.0.0.1", port: pass.port });
  await write(socket, encoder.encode(handshake(pass)));
  const { status } = await readAnswer(socket);
  if (status !== 101) throw new Error(`The handshake was answered with ${status}`);
  await write(socket, bytes);
  return closeIn(await restOf(socket));
}

async function restOf(socket: Deno.Conn): Promise<Uint8Array> {
  const parts: number[] = [];
  const bytes = new Uint8Array(65_536);
  for (let size; (size = await socket.read(bytes).catch(() => null)) !== null;) {
    parts.push(...bytes.subarray(0, size));
    if (closeIn(Uint8Array.from(parts)) !== undefined) break;
  }
  return Uint8Array.from(parts);
}

/** The code of the close among whole frames. */
function closeIn(bytes: Uint8Array): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 0; at + 4 <= bytes.length;) {
    const opcode = bytes[at]! & 0x0f;
    const short = bytes[at + 1]! & 0x7f;
    const size = short === 126
      ? view.getUint16(at + 2)
      : short === 127
      ? Number(view.getBigUint64(at + 2))
      : short;
    const start = at + (short === 126 ? 4 : short === 127 ? 10 : 2);
    if (opcode === 8) return view.getUint16(start);
    at = start + size;
  }
  return undefined;
}
