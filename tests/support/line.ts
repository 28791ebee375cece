import { writeAll } from "../../protocol/write_all.ts";
import net from "node:net";

/** A raw TCP connection, in the hands of a test: nothing is read until it is asked for. */
export interface Line {
  /** The next bytes; `undefined` when the other side has said its last, or is gone. */
  read(): Promise<Uint8Array | undefined>;
  /** Resolves when the kernel has all of it; rejects when the other side is gone. */
  write(bytes: Uint8Array): Promise<void>;
  /** Says that nothing more will be written. */
  closeWrite(): Promise<void>;
  close(): void;
}

export async function openLine(port: number, hostname = "127.0.0.1"): Promise<Line> {
  const socket = await Deno.connect({ hostname, port });
  socket.setNoDelay(true);
  const buffer = new Uint8Array(64 * 1024);
  return {
    async read() {
      const count = await socket.read(buffer).catch(() => null);
      return count === null ? undefined : buffer.slice(0, count);
    },
    async write(bytes) {
      await writeAll(socket, bytes);
    },
    closeWrite: () => socket.closeWrite(),
    close() {
      try {
        socket.close();
      } catch (error) {
        if (!(error instanceof Deno.errors.BadResource)) throw error; // closing twice is fine
      }
    },
  };
}

/** Whether this machine lets a client choose among the addresses 127.x.y.z, as Linux does. */
export const ADDRESSES = Deno.build.os === "linux";

/** Like {@linkcode openLine}, from an address of one's choice: `Deno.connect` has no word for that. */
export async function openLineFrom(address: string, port: number): Promise<Line> {
  const socket = net.connect({ port, host: "127.0.0.1", localAddress: address, noDelay: true });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  socket.once("connect", resolve).once("error", reject);
  await promise;
  const chunks: Uint8Array[] = [];
  let over = false;
  let look = Promise.withResolvers<void>();
  const wake = () => {
    look.resolve();
    look = Promise.withResolvers();
  };
  const end = () => {
    over = true;
    wake();
  };
  socket.on("data", (bytes: Uint8Array) => {
    chunks.push(new Uint8Array(bytes));
    wake();
  });
  socket.on("end", end).on("close", end).on("error", end);
  return {
    async read() {
      while (chunks.length === 0 && !over) await look.promise;
      return chunks.shift();
    },
    write: (bytes) =>
      new Promise((resolve, reject) => socket.write(bytes, (error) => error ? reject(error) : resolve())),
    closeWrite: () => new Promise((resolve) => socket.end(resolve)),
    close: () => void socket.destroy(),
  };
}
