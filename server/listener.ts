import type { Admission } from "./admission.ts";
import { Connection } from "./connection.ts";
import type { House } from "./house.ts";
import type { Log } from "./log.ts";
import type { Socket } from "./socket.ts";
import { sourceOf } from "./source.ts";
import type { TurnAway } from "./turn_away.ts";

/** How long accepting rests when the system has no descriptor to give. */
const REST_MS = 100;

interface Options {
  readonly admission: Admission;
  readonly away: TurnAway;
  readonly house: Omit<House, "signedIn" | "penalise">;
  readonly log: Log;
  /** What a connection is to live on: the socket, or one that hears what it speaks. */
  readonly speaking: (socket: Deno.TcpConn) => Socket;
  /** Whether somebody from this address has a session to come back to. */
  readonly known: (address: string) => boolean;
}

/** Accepts connections, turns away whom it must, and owns those it let in until they are gone. */
export class Listener {
  readonly #listener: Deno.TcpListener;
  readonly #options: Options;
  readonly #open = new Map<Connection, Promise<void>>();
  readonly #accepting: Promise<void>;
  #closed = false;

  constructor(listener: Deno.TcpListener, options: Options) {
    this.#listener = listener;
    this.#options = options;
    this.#accepting = this.#accept();
  }

  get port(): number {
    return this.#listener.addr.port;
  }

  /** Those who are in. */
  get connections(): Iterable<Connection> {
    return this.#open.keys();
  }

  /** Accepts nobody any more and ends everybody; resolves when all are gone. */
  async drain(): Promise<void> {
    this.#closed = true;
    this.#listener.close();
    await this.#accepting;
    for (const connection of this.#open.keys()) connection.end("shutting_down", "The server is stopping");
    await Promise.all([this.#options.away[Symbol.asyncDispose](), ...this.#open.values()]);
  }

  async #accept(): Promise<void> {
    while (!this.#closed) {
      try {
        this.#let(await this.#listener.accept());
      } catch (error) {
        if (this.#closed) return;
        this.#options.log("accept_failed", { error: String(error) });
        await new Promise((resolve) => setTimeout(resolve, REST_MS));
      }
    }
  }

  #let(socket: Deno.TcpConn): void {
    const { admission, away, house, known, log } = this.#options;
    const address = sourceOf(socket.remoteAddr.hostname);
    const admitted = admission.enter(address, house.clock(), () => known(address));
    if (admitted.kind === "out") return away.tell(socket, admitted.code);
    socket.setNoDelay();
    let met = false; // who it is, or by a ticket that somebody is
    const connection: Connection = new Connection(this.#options.speaking(socket), {
      ...house,
      signedIn: () => {
        met = true;
        admission.signIn(address);
      },
      penalise: (seconds) => admission.penalise(address, seconds, house.clock()),
    }, { probation: admitted.kind === "probation" });
    const attending = connection.attend()
      .catch((error) => log("connection_failed", { error: String(error) }))
      .finally(() => {
        this.#open.delete(connection);
        admission.leave(address, { stranger: !met });
      });
    this.#open.set(connection, attending);
  }
}
