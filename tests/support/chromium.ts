import { type Browser, chromium } from "playwright-core";

/** What Debian and others call it. */
const NAMES = ["chromium", "chromium-browser", "google-chrome"];
const PROGRAM = NAMES.map(find).find((path) => path !== undefined);
/** Nothing but the page is to talk to anybody, and every host but this machine's is unknown. */
const ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

let args: readonly string[] = [];
let running: Promise<Browser> | undefined;
let closing = false;

/** Debian's Chromium, one for all tests of a file. */
export async function theBrowser(): Promise<Browser> {
  running ??= chromium.launch({ executablePath: PROGRAM!, args: [...ARGS, ...args] });
  return await running;
}

/** Starts it otherwise; to be called before any test runs. */
export function browserArguments(...more: readonly string[]): void {
  args = more;
}

/**
 * Registers a test that needs Chromium; where there is none it is not run, and its name says so. The browser outlives
 * the test and is closed at the end of the file: what a test left in it is looked at by `ChatWindow`.
 */
export function windowTest(name: string, fn: () => Promise<void>, why?: string): void {
  const reason = why ?? (PROGRAM === undefined ? "there is no Chromium here" : undefined);
  if (!closing) {
    closing = true;
    Deno.test.afterAll(async () => await (await running)?.close());
  }
  Deno.test({
    name: reason ? `${name} (not run: ${reason})` : name,
    ignore: reason !== undefined,
    sanitizeOps: false,
    sanitizeResources: false,
    fn,
  });
}

function find(name: string): string | undefined {
  const folders = (Deno.env.get("PATH") ?? "").split(":");
  return folders.map((folder) => `${folder}/${name}`).find((path) => {
    try {
      return Deno.statSync(path).isFile;
    } catch {
      return false;
    }
  });
}
