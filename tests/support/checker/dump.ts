import type { Dump } from "./history.ts";

const PROGRAM = new URL("dump.py", import.meta.url).pathname;

/** What a database holds, read by a program that shares no code with the one that wrote it. */
export async function dumpOf(database: string): Promise<Dump> {
  const { success, stdout, stderr } = await new Deno.Command("python3", { args: [PROGRAM, database] })
    .output();
  const decoder = new TextDecoder();
  if (!success) throw new Error(`Cannot dump ${database}: ${decoder.decode(stderr)}`);
  return JSON.parse(decoder.decode(stdout));
}
