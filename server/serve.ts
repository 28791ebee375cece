import { Accounts } from "./accounts/accounts.ts";
import { Admission } from "./admission.ts";
import { Courtesy } from "./files/courtesy.ts";
import { FileDesk } from "./files/file_desk.ts";
import { householdOf } from "./household.ts";
import { Hub } from "./hub.ts";
import { DEFAULT_LIMITS, type Limits } from "./limits.ts";
import { KeyDesk } from "./keys/key_desk.ts";
import { Listener } from "./listener.ts";
import type { Log } from "./log.ts";
import { MemoryStore } from "./store/memory.ts";
import { Expiry, type Retention } from "./retention.ts";
import type { Store } from "./store/store.ts";
import { EitherSocket, type Plain } from "./tls/either_socket.ts";
import type { Certificate } from "./tls/self_signed.ts";
import { type Terminator, terminatorOf } from "./tls/terminator.ts";
import { Turn } from "./turn.ts";
import { TurnAway } from "./turn_away.ts";
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
  /** Milliseconds since 1970. */
  readonly wall?: () => number;
  /** Where everything is kept; in memory unless given. It is disposed of with the server. */
  readonly store?: Store;
  /** The folder of the files that are sent; none are taken unless given. */
  readonly files?: string;
  /** How long messages of rooms are kept: for ever, unless given. */
  readonly retain?: Retention;
  /** Whether everybody needs an account. */
  readonly required?: boolean;
  /** TLS on the same port, as the first byte says; without it nobody speaks it. */
  readonly tls?: { readonly certificate: Certificate; readonly plain: Plain };
  /** The module of the session Workers. */
  readonly sessionEntry?: URL;
}

/** A server that runs. Disposing of it drains it. */
export interface Server extends AsyncDisposable {
  readonly port: number;
  /** What makes an account the owner's, as long as there is none. */
  readonly ownerCode: string | undefined;
  /** Never resolves; rejects when the store failed: from then on nothing is told, and the process should end. */
  readonly failed: Promise<never>;
  /** Takes another certificate for those who come from now on; throws where it cannot be used. */
  renew(certificate: Certificate): void;
  /** Looks again at accounts that somebody else has changed. */
  reload(): Promise<void>;
  /** Signed-in users, connections, and session Workers, now. */
  counts(): { readonly users: number; readonly connections: number; readonly workers: number };
}

/** Wires the parts together and starts accepting; rejects when the port cannot be had. */
export async function serve(options: ServeOptions = {}): Promise<Server> {
  const { hostname = "127.0.0.1", port = 0, workers = 32, version = "0.0.0", log = () => {} } = options;
  const limits: Limits = { ...DEFAULT_LIMITS, ...options.limits };
  const clock = () => performance.now();
  const socket = Deno.listen({ hostname, port });
  const terminator = options.tls && terminate(socket, options.tls.certificate);
  const store = options.store ?? new MemoryStore();
  const turn = new Turn(clock);
  const report = (error: Error) => log("accounts_broke", { error: error.message });
  const { required = false, wall = Date.now } = options;
  const accounts = await Accounts.open({
    people: store.people,
    keys: store.keys,
    limits,
    clock,
    wall,
    required,
    report,
  });
  const isHere = (name: string) => hub.has(name);
  const keys = await KeyDesk.open({ store, accounts: accounts.directory, isHere, limits, clock });
  const courtesy = new Courtesy(clock);
  const hub: Hub = new Hub(store, turn, {
    limits,
    version,
    clock,
    wall,
    accounts: accounts.directory,
    sealing: keys,
    said: courtesy.said,
  });
  accounts.household = householdOf(hub);
  const isAccount = (name: string) => accounts.directory.byName(name) !== undefined;
  const files = await FileDesk.open({
    folder: options.files,
    hub,
    isAccount,
    courtesy,
    limits,
    clock,
    wall,
  });
  const entry = options.sessionEntry ?? new URL("./session_worker.ts", import.meta.url);
  const workforce = new Workforce({
    entry,
    workers,
    report: (error) => log("session_broke", { error: error.message }),
  });
  const admission = new Admission(limits);
  const house = { hub, accounts, keys, files, workforce, turn, limits, clock };
  const speaking = (raw: Deno.TcpConn) => new EitherSocket(raw, terminator, options.tls?.plain ?? "allowed");
  const known = (address: string) => hub.knows(address);
  const away = new TurnAway({ tls: terminator !== undefined });
  const listener = new Listener(socket, { admission, away, house, log, speaking, known });

  const expiry = options.retain && new Expiry(store, options.retain, { clock, wall });
  const sweeping = setInterval(() => {
    const now = clock();
    for (const connection of listener.connections) connection.sweep(now);
    hub.tick();
    admission.sweep(now);
    accounts.sweep(now);
    files.sweep().catch((error) => log("files_failed", { error: String(error) }));
    expiry?.due().catch((error) => log("expiry_failed", { error: String(error) }));
  }, SWEEP_MS);
  await workforce.ready;

  return {
    port: listener.port,
    ownerCode: accounts.ownerCode,
    failed: hub.failed,
    renew: (certificate) => terminator?.renew(certificate),
    reload: () => accounts.reload(),
    counts: () => ({
      users: hub.here,
      connections: [...listener.connections].length,
      workers: workforce.size,
    }),
    async [Symbol.asyncDispose]() {
      await listener.drain();
      await terminator?.[Symbol.asyncDispose]();
      clearInterval(sweeping);
      await hub.settle();
      await accounts[Symbol.asyncDispose]();
      workforce[Symbol.dispose]();
      files[Symbol.dispose]();
      await store[Symbol.asyncDispose]();
    },
  };
}

function terminate(socket: Deno.TcpListener, certificate: Certificate): Terminator {
  try {
    return terminatorOf(certificate);
  } catch (error) {
    socket.close();
    throw error;
  }
}
