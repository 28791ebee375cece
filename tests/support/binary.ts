import { Program } from "./program.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
const SOURCES = ["main.ts", "deno.json", "cli", "client", "protocol", "server"];
const NAMED = Deno.env.get("CHAT_BINARY");

/** The compiled program: the one that CHAT_BINARY names, or else what `deno task build` made. */
export const BINARY: string = NAMED || `${ROOT}dist/chat`;

/** `chat ARGS` as the compiled program. */
export class BinaryProgram extends Program {
  protected override get chat(): readonly [string, ...string[]] {
    return [BINARY];
  }
}

/** Registers a test of the compiled program; where there is none it is not run, and its name says why. */
export function binaryTest(name: string, test: () => Promise<void>): void {
  const why = unbuilt();
  Deno.test({ name: why ? `${name} (not run: ${why})` : name, ignore: why !== undefined, fn: test });
}

/** Why there is no compiled program of these sources, if there is none. */
export function unbuilt(): string | undefined {
  if (NAMED) return undefined;
  const built = modified(BINARY);
  if (built === undefined) return "deno task build has not been run";
  const stale = SOURCES.some((path) => newest(ROOT + path) > built);
  return stale ? "dist/chat is older than the sources: deno task build" : undefined;
}

function newest(path: string): number {
  if (!Deno.statSync(path).isDirectory) return modified(path) ?? 0;
  return Math.max(...Array.from(Deno.readDirSync(path), ({ name }) => newest(`${path}/${name}`)));
}

function modified(path: string): number | undefined {
  try {
    return Deno.statSync(path).mtime?.getTime();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
