import { within } from "../within.ts";
import { browserCommands } from "./browsers.ts";

/** A browser that has not given up by then has opened, or hands on to one that has. */
const PATIENCE_MS = 2_000;

/** Where a system has no screen of itself: without these variables there is none, and xdg-open would take a text browser. */
const SCREENS = ["DISPLAY", "WAYLAND_DISPLAY"];

/** Shows a file in a window of its own, or in a browser; says whether that worked. Never rejects. */
export async function openWindow(path: string): Promise<boolean> {
  const screen = Deno.build.os !== "linux" || SCREENS.some((variable) => Deno.env.get(variable));
  if (!screen) return false;
  for (const [program, ...args] of browserCommands(Deno.build.os, path)) {
    if (await starts(program, args)) return true;
  }
  return false;
}

/** Started apart, so that Ctrl-C here does not close it. */
async function starts(program: string, args: readonly string[]): Promise<boolean> {
  try {
    const silent = { stdin: "null", stdout: "null", stderr: "null" } as const;
    const child = new Deno.Command(program, { args: [...args], ...silent, detached: true }).spawn();
    child.unref();
    const status = await within(PATIENCE_MS, child.status);
    return status?.success ?? true;
  } catch {
    return false; // there is no such program here
  }
}
