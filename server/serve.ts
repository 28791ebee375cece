import { Admission } from "./admission.ts";
import { Hub } from "./hub.ts";
import { DEFAULT_LIMITS, type Limits } from "./limits.ts";
import { Listener } from "./listener.ts";
import type { Log } from "./log.ts";
import { MemoryStore } from "./store/memory.ts";
import type { Store } from "./store/store.ts";
import { Turn } from "./turn.ts";
import { Workforce } from "./workforce.ts";

/** How often clocks are looked at. */
const SWEEP_MS = 250;

export interface ServeOptions {
  readonly hostname?: string;
  /** 0: any free one. */
  readonly port?: number;
  /** Session Workers for members, at the most. */
  readonly workers?: number;
  readonly limits?: Partial<Limits>;
  readonly version?: string;
  readonly log?: Log;
  readonly store?: Store;
  /** The module of the session Workers. */
  readonly sessionEntry?: URL;
}

/** A server that runs. Disposing of it drains it. */
export interface Server extends AsyncDisposable {
  readonly port: number;
  /** Signed-in users, connections, and session Workers, now. */
  counts(): { readonly users: number; readonly connections: number; readonly workers: number };
}

/** Wires the parts together and starts accepting; rejects when the port cannot be had. */
export async function serve(options: ServeOptions = {}): Promise<Server> {
  const { hostname = "127.0.0.1", port = 0, workers = 32, version = "0.0.0", log = () => {} } = options;
  const limits: Limits = { ...DEFAULT_LIMITS, ...options.limits };
  const clock = () => performance.now();
  const socket = Deno.listen({ hostname, port });
  const store = options.store ?? new MemoryStore();
  const turn = new Turn(clock);
  const hub = new Hub(store, turn, { limits, version, clock, wall: Date.now });
  const entry = options.sessionEntry ?? new URL("./session_worker.ts", import.meta.url);
  const workforce = new Workforce({
    entry,
    workers,
    report: (error) => log("session_broke", { error: error.message }),
  });
  const admission = new Admission(limits);
  const house = { hub, workforce, turn, limits, clock };
  const listener = new Listener(socket, { admission, house, log, known: (address) => hub.knows(address) });

  const sweeping = setInterval(() => {
    const now = clock();
    for (const connection of listener.connections) connection.sweep(now);
    hub.tick();
    admission.sweep(now);
  }, SWEEP_MS);
  await workforce.ready;

  return {
    port: listener.port,
    counts: () => ({
      users: hub.here,
      connections: [...listener.connections].length,
      workers: workforce.size,
    }),
    async [Symbol.asyncDispose]() {
      await listener.drain();
      clearInterval(sweeping);
      workforce[Symbol.dispose]();
      await store[Symbol.asyncDispose]();
    },
  };
}
