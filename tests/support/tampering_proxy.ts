import { writeAll } from "../../protocol/write_all.ts";
import { FrameReader } from "../../protocol/frames.ts";
import { downwards, type Tamper, upwards } from "./tampered.ts";

/** The same as `tampered`, for programs of their own: a port of this machine behind which a server means ill. */
export class TamperingProxy implements AsyncDisposable {
  readonly tamper: Tamper = {};
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #target: number;
  readonly #ends = new Set<Deno.Conn>();
  readonly #pumps: Promise<void>[] = [];
  readonly #accepting: Promise<void>;

  constructor(target: number) {
    this.#target = target;
    this.#accepting = this.#accept();
  }

  get port(): number {
    return this.#listener.addr.port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    await this.#accepting;
    for (const end of this.#ends) close(end);
    await Promise.all(this.#pumps);
  }

  async #accept(): Promise<void> {
    for await (const client of this.#listener) {
      const server = await Deno.connect({ hostname: "127.0.0.1", port: this.#target });
      for (const end of [client, server]) this.#ends.add(end);
      const [up, down] = [new FrameReader({ welcomed: true }), new FrameReader({ welcomed: true })];
      this.#pumps.push(
        this.#pump(client, server, (bytes) => upwards(up, bytes, this.tamper)),
        this.#pump(server, client, (bytes) => downwards(down, bytes, this.tamper)),
      );
    }
  }

  /** Never rejects: when one side is gone, so is the other. */
  async #pump(
    from: Deno.Conn,
    to: Deno.Conn,
    change: (bytes: Uint8Array) => Iterable<Uint8Array>,
  ): Promise<void> {
    try {
      for await (const chunk of from.readable) {
        for (const bytes of change(chunk)) {
          await writeAll(to, bytes);
        }
      }
    } catch { /* gone */ }
    close(to);
  }
}

function close(end: Deno.Conn): void {
  try {
    end.close();
  } catch { /* closed already */ }
}
