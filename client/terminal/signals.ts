/** What signals mean to the terminal. */
export interface Reactions {
  /** The program is to end with this exit code. */
  readonly end: (code: number) => void;
  readonly resized: () => void;
  /** Back after a suspension. */
  readonly continued: () => void;
  /** The program is about to die of an error of its own. */
  readonly dying: () => void;
}

const ENDS = [["SIGINT", 130], ["SIGTERM", 143], ["SIGHUP", 129]] as const;

/** Listens until disposed of. */
export function listenToSignals({ end, resized, continued, dying }: Reactions): Disposable {
  const stops: (() => void)[] = [];
  const listen = (signal: Deno.Signal, react: () => void) => {
    if (Deno.build.os === "windows" && signal !== "SIGINT") return; // there are no others
    Deno.addSignalListener(signal, react);
    stops.push(() => Deno.removeSignalListener(signal, react));
  };
  for (const [signal, code] of ENDS) listen(signal, () => end(code));
  listen("SIGWINCH", resized); // stdout's "resize" event never fires in some runtimes
  listen("SIGCONT", continued);
  for (const fault of ["error", "unhandledrejection", "unload"]) {
    globalThis.addEventListener(fault, dying);
    stops.push(() => globalThis.removeEventListener(fault, dying));
  }
  return { [Symbol.dispose]: () => stops.forEach((stop) => stop()) };
}

/**
 * Stops this program and those it was started through, as the shell expects of Ctrl-Z. Where no shell could bring it
 * back the system ignores that, and it just goes on. A signal of one's own would need the right to run anything; asking
 * `kill` for it needs the right to run that.
 */
export function suspend(): void {
  if (Deno.build.os === "windows") return;
  const kill = new Deno.Command("/bin/kill", { args: ["-s", "TSTP", "0"], stdin: "null", stderr: "null" });
  try {
    kill.outputSync();
  } catch { /* there is none: then there is no way to stop, and it goes on */ }
}
