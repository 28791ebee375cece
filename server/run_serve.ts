import { parseFlags } from "../cli/parse_flags.ts";
import { print, printError } from "../cli/print.ts";
import { usage } from "../cli/usage.ts";
import { explain, UsageError } from "../cli/usage_error.ts";
import { wordsOf } from "../cli/words.ts";
import { VERSION } from "../cli/version.ts";
import { dataFolder } from "./data_folder.ts";
import { EXIT, Exit } from "./exit.ts";
import { type Log, openLog } from "./log.ts";
import { doWork } from "./operator/do_work.ts";
import { exitOf } from "./operator/exit_of.ts";
import { Kept } from "./operator/kept.ts";
import { readRetain } from "./operator/retain_spec.ts";
import { readWork } from "./operator/work.ts";
import { limitsOf, SERVE, type ServeFlags, workersFor } from "./options.ts";
import { certificateOf, ownFiles } from "./tls/certificate_source.ts";
import { fingerprintOf } from "./tls/fingerprint.ts";
import { readCertificate } from "./tls/kept_certificate.ts";
import type { Certificate } from "./tls/self_signed.ts";
import type { Retention } from "./retention.ts";
import { serve, type ServeOptions, type Server } from "./serve.ts";

/** Of a certificate, to be compared by people. */
const WORDS = 6;
/** How long stopping may take. */
const DRAIN_MS = 4_500;

/** `chat serve`: resolves with the exit code once the server has stopped, or has done its work. */
export async function runServe(args: readonly string[]): Promise<number> {
  try {
    const { help, version, flags } = parseFlags(SERVE, args);
    if (help || version) {
      print(help ? usage({ name: "chat" }, SERVE) : `chat ${VERSION}\n`);
      return 0;
    }
    const work = readWork(flags);
    const retain = readRetain(flags.retain);
    const folder = flags.ephemeral ? undefined : dataFolder(flags.data, (name) => Deno.env.get(name));
    if (!work || folder === undefined) return await untilStopped(flags, { folder, retain });
    await attempt(folder, () => doWork(work, folder, { out: print, err: printError }));
    return 0;
  } catch (error) {
    if (error instanceof UsageError) {
      printError(explain(error, "chat serve"));
      return 2;
    }
    if (!(error instanceof Exit)) throw error;
    printError(`chat serve: ${error.message}\n`);
    return error.code;
  }
}

async function untilStopped(
  flags: ServeFlags,
  { folder, retain }: { readonly folder: string | undefined; readonly retain: Retention },
): Promise<number> {
  const log = openLog({ terminal: Deno.stderr.isTerminal() });
  const workers = flags.workers ?? workersFor(Deno.systemMemoryInfo().available);
  using kept = folder === undefined ? undefined : await attempt(folder, () => Kept.open(folder));
  const certificate = await certificateOf(flags, folder);
  const plain = flags.tls === "required" ? "refused" : "allowed";
  const tls = certificate && { tls: { certificate, plain } as const };
  const server = await listen(flags, { workers, log, retain, ...keptIn(folder, kept), ...tls });
  if (!server) {
    await kept?.store[Symbol.asyncDispose]();
    return 1;
  }
  await harmless();
  log("listening", {
    host: flags.host,
    port: server.port,
    workers,
    data: folder ?? "none: kept in memory",
    ...await kept?.counts.catch(() => undefined), // what is wrong with them is told below
  });
  if (certificate) await tellFingerprint(certificate, { ...flags, port: server.port }, log);
  renewing(flags, server, log);
  if (kept?.openToOthers) log("data_open_to_others", { advice: `chmod 700 ${folder}` });
  if (server.ownerCode !== undefined) {
    const host = hostOf(flags);
    const how = `chat connect ${host}:${server.port} --name YOU, then /register ${server.ownerCode}`;
    log("no_owner_yet", { become: how });
  }
  kept?.watch(() => server.reload(), log);

  const failure = server.failed.catch((error: unknown) => error);
  const end = await Promise.race([firstSignal(), failure, kept?.failed ?? failure]);
  if (typeof end !== "string") return failed(end, folder ?? "memory", log);
  log("stopping", { signal: end });
  const late = setTimeout(() => {
    log("stopped_late");
    Deno.exit(0); // everything committed has been told; somebody does not take it
  }, DRAIN_MS);
  await server[Symbol.asyncDispose]();
  clearTimeout(late);
  log("stopped");
  return 0;
}

/** Where everything is kept, if it is. */
function keptIn(folder: string | undefined, kept: Kept | undefined): Pick<ServeOptions, "store" | "files"> {
  return folder === undefined || kept === undefined ? {} : { store: kept.store, files: `${folder}/files` };
}

/** What people may call this machine; an IPv6 address stands in brackets. */
function hostOf({ host }: Pick<ServeFlags, "host">): string {
  if (host === "0.0.0.0" || host === "::") return "localhost";
  return host.includes(":") ? `[${host}]` : host;
}

/** How clients know that it is this server: by an address that has its fingerprint, or by words to compare. */
async function tellFingerprint(
  certificate: Certificate,
  flags: Pick<ServeFlags, "host" | "port">,
  log: Log,
): Promise<void> {
  const digest = await fingerprintOf(certificate);
  const address = `chat://${hostOf(flags)}:${flags.port}#${digest.toHex()}`;
  log("certificate", { address, words: wordsOf(digest, WORDS).join(" ") });
}

/** On SIGHUP the operator's certificate is read again; one that cannot be used changes nothing. */
function renewing(flags: ServeFlags, server: Server, log: Log): void {
  if (Deno.build.os === "windows") return; // there is no such signal
  Deno.addSignalListener("SIGHUP", async () => {
    const own = ownFiles(flags);
    if (own === undefined) return;
    try {
      const certificate = await readCertificate(own.cert, own.key);
      server.renew(certificate);
      await tellFingerprint(certificate, { ...flags, port: server.port }, log);
    } catch (error) {
      log("certificate_kept", { error: error instanceof Error ? error.message : String(error) });
    }
  });
}

/** What was not told was not acknowledged. Nothing is waited for: what waits for the store waits for good. */
function failed(error: unknown, folder: string, log: Log): number {
  const exit = exitOf(error, folder);
  log("store_failed", { error: exit?.message ?? String(error) });
  return exit?.code ?? EXIT.io;
}

/** From here on nothing needs to be written but by the Workers that have the data, and nothing run. */
async function harmless(): Promise<void> {
  for (const name of ["write", "run", "env"] as const) await Deno.permissions.revoke({ name });
}

async function attempt<T>(folder: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw exitOf(error, folder) ?? error;
  }
}

async function listen(
  flags: ServeFlags,
  given: Pick<ServeOptions, "workers" | "log" | "retain" | "store" | "files" | "tls">,
): Promise<Server | undefined> {
  const { host: hostname, port, accounts } = flags;
  try {
    const required = accounts === "required";
    return await serve({ hostname, port, limits: limitsOf(flags), version: VERSION, required, ...given });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const taken = error instanceof Deno.errors.AddrInUse;
    const reason = taken
      ? "the port is in use: stop what uses it, or choose another with --port"
      : error.message;
    printError(`chat serve: cannot listen on ${hostname}:${port}: ${reason}\n`);
    return undefined;
  }
}

/** Resolves at the first SIGINT or SIGTERM; a second one ends the process at once. */
function firstSignal(): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  let asked = false;
  for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
    if (signal === "SIGTERM" && Deno.build.os === "windows") continue; // there is none
    Deno.addSignalListener(signal, () => {
      if (asked) Deno.exit(code);
      asked = true;
      resolve(signal);
    });
  }
  return promise;
}
