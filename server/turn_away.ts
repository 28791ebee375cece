import { encode } from "../protocol/codec.ts";
import { shut } from "./shut.ts";
import { beginsTls } from "./tls/either_socket.ts";
import { within } from "./within.ts";

/** Says in a record of TLS that nobody is let in: a fatal alert, access_denied (RFC 8446, 6). */
const DENIED = Uint8Array.of(0x15, 3, 3, 0, 2, 2, 49);
/** How long somebody who is turned away may take for his first bytes, and how many are waited for at once. */
const PATIENCE_MS = 1_000;
const AT_ONCE = 64;
const FIRST_BYTES = 4_096;

const MESSAGES = {
  busy: "Too many are waiting to sign in: try again soon",
  ip_limit: "Too many from your address: wait a while",
};

/** Tells those who are not let in why, in what they speak: a frame in the place of TLS would look like an attack. */
export class TurnAway {
  readonly #tls: boolean;
  readonly #waiting = new Map<Deno.TcpConn, Promise<void>>();

  /** `tls`: whether it is spoken here. */
  constructor({ tls }: { readonly tls: boolean }) {
    this.#tls = tls;
  }

  /** Says why in a few bytes, which a new socket has room for, and closes. */
  tell(socket: Deno.TcpConn, code: keyof typeof MESSAGES): void {
    if (this.#waiting.size >= AT_ONCE) return shut(socket);
    const telling = this.#tell(socket, code).catch(() => {}).finally(() => {
      this.#waiting.delete(socket);
      shut(socket);
    });
    this.#waiting.set(socket, telling);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#waiting.keys()) shut(socket);
    await Promise.all(this.#waiting.values());
  }

  async #tell(socket: Deno.TcpConn, code: keyof typeof MESSAGES): Promise<void> {
    const message = encode({ type: "error", code, message: MESSAGES[code], fatal: true });
    await socket.write(this.#tls && await hearsTls(socket) ? DENIED : message);
  }
}

/** Whether somebody begins to speak TLS; rejects where nothing is said in time. */
async function hearsTls(socket: Deno.TcpConn): Promise<boolean> {
  const first = new Uint8Array(FIRST_BYTES);
  let count: number | null = null;
  const reading = socket.read(first).then((read) => void (count = read));
  reading.catch(() => {}); // when it was too late the socket is closed
  await within(PATIENCE_MS, reading);
  if (count === null) throw new Error("Nothing was said");
  return beginsTls(first);
}
