import { placeOf } from "./place.ts";

/** A byte pipe to a server: TCP here; a WebSocket, TLS or an in-memory pair can be one as well. */
export interface Transport extends Disposable {
  /**
   * What the other side sends, in slices of any size, each good until the next one is asked for; ends or throws when the
   * link is gone.
   */
  readonly incoming: AsyncIterable<Uint8Array>;
  /** Resolves when the bytes are handed on; rejects when the link is gone. */
  send(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
}

/** The server could not be reached; the message names it and says why. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";
}

/** Opens a TCP connection; throws {@linkcode Unreachable}. */
export async function tcp(hostname: string, port: number): Promise<Transport> {
  return overSocket(await reach(hostname, port));
}

/** What is read of a socket at a time. */
const READ_BYTES = 256 * 1024;

/** The pipe that a socket is. */
export function overSocket(socket: Deno.TcpConn | Deno.TlsConn): Transport {
  const writer = socket.writable.getWriter();
  return {
    incoming: slicesOf(socket),
    send: (bytes) => writer.write(bytes),
    [Symbol.dispose]() {
      writer.closed.catch(() => {}); // closing under a write rejects it; whoever wrote has been told
      try {
        socket.close();
      } catch { /* already gone */ }
    },
  };
}

async function* slicesOf(socket: Deno.Conn): AsyncGenerator<Uint8Array> {
  const into = new Uint8Array(READ_BYTES);
  for (let count; (count = await socket.read(into)) !== null;) yield into.subarray(0, count);
}

/** A TCP connection that is ready; throws {@linkcode Unreachable}. */
export async function reach(hostname: string, port: number): Promise<Deno.TcpConn> {
  try {
    const socket = await Deno.connect({ hostname, port });
    socket.setNoDelay(true);
    return socket;
  } catch (error) {
    throw new Unreachable(`Cannot reach ${placeOf(hostname, port)}: ${reason(error)}`, { cause: error });
  }
}

function reason(error: unknown): string {
  if (error instanceof Deno.errors.ConnectionRefused) return "nothing listens there (connection refused)";
  if (error instanceof Deno.errors.TimedOut) return "no answer";
  const text = error instanceof Error ? error.message : String(error);
  if (/lookup|resolve|not known|No address/i.test(text)) return "there is no such host";
  return text.replace(/ \(os error \d+\)$/, "");
}
