import { readName } from "../../protocol/names.ts";
import type { Address } from "../address.ts";

/** Where what is known of one server is kept between runs; undefined where the environment names no home. */
export function stateFolder(
  env: (name: string) => string | undefined,
  { host, port }: Address,
): string | undefined {
  const state = env("XDG_STATE_HOME") || (env("HOME") ? `${env("HOME")}/.local/state` : env("LOCALAPPDATA"));
  return state ? `${state}/chat/${encodeURIComponent(host.toLowerCase())}_${port}` : undefined;
}

/** The folder of one name, which must be one that the server can have accepted: that makes it safe for a path. */
export function nameFolder(folder: string, name: string): string | undefined {
  const { name: normal, problem } = readName(name);
  return problem ? undefined : `${folder}/${normal}`;
}
