import { writeAll } from "../../protocol/write_all.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** An answer as it came over the wire. */
export interface RawAnswer {
  /** 0 where there was none. */
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

/** Sends bytes to a port of this machine, exactly these, and reads one answer. */
export async function raw(port: number, request: string | Uint8Array): Promise<RawAnswer> {
  using socket = await Deno.connect({ hostname: "127.0.0.1", port });
  const writing = write(socket, typeof request === "string" ? encoder.encode(request) : request);
  const answer = await readAnswer(socket);
  await writing;
  return answer;
}

/** Reads one answer: its head, and a body as long as the head says. */
export async function readAnswer(socket: Deno.Conn): Promise<RawAnswer> {
  let text = "";
  const bytes = new Uint8Array(65_536);
  while (true) {
    const [head = "", ...rest] = text.split("\r\n\r\n");
    const body = rest.join("\r\n\r\n");
    const length = Number(/^content-length: (\d+)$/im.exec(head)?.[1] ?? 0);
    const whole = rest.length > 0 && body.length >= length;
    const size = whole ? null : await socket.read(bytes).catch(() => null);
    if (size === null) return { status: Number(/^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1] ?? 0), head, body };
    text += decoder.decode(bytes.subarray(0, size));
  }
}

/** Writes all; that the other side has hung up is its answer. */
export async function write(socket: Deno.Conn, bytes: Uint8Array): Promise<void> {
  try {
    await writeAll(socket, bytes);
  } catch { /* it does not want to hear the rest */ }
}
