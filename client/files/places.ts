import { Refused } from "../refused.ts";
import { safeName } from "./file_name.ts";

/** What is known of a file before it is sent. */
export interface Source {
  /** Absolute, for a later process may stand elsewhere. */
  readonly path: string;
  readonly name: string;
  readonly size: number;
  /** When it was changed last, in milliseconds since 1970. */
  readonly modified: number;
}

/** The file that a person means. Rejects with `Refused`, `no_file` where it cannot be sent. */
export async function openSource(typed: string): Promise<Source> {
  const path = absolutePath(typed);
  try {
    const { isFile, isDirectory, size, mtime } = await Deno.stat(path);
    if (!isFile) {
      const what = isDirectory ? "is a folder: pack it first, for example with tar" : "is no plain file";
      throw new Refused("no_file", `${path} ${what}`);
    }
    (await Deno.open(path)).close(); // it may not be ours to read
    return { path, name: path.slice(path.lastIndexOf("/") + 1), size, modified: mtime?.getTime() ?? 0 };
  } catch (error) {
    if (error instanceof Refused) throw error;
    const why = error instanceof Deno.errors.NotFound ? "there is no such file" : "it cannot be read";
    throw new Refused("no_file", `Cannot send ${path}: ${why}`);
  }
}

/** Where a file goes: into a folder, or under a name of the person's own choice. */
export async function targetOf(
  typed: string | undefined,
  { downloads, name }: { readonly downloads: string; readonly name: string },
): Promise<{ readonly folder: string; readonly name: string }> {
  if (typed === undefined || typed.trim() === "") return { folder: absolutePath(downloads), name };
  const path = absolutePath(typed.trim());
  if (typed.trim().endsWith("/") || await isFolder(path)) {
    return { folder: path.replace(/(?<=.)\/+$/, ""), name };
  }
  const at = path.lastIndexOf("/");
  const folder = path.slice(0, at) || "/";
  if (!await isFolder(folder)) throw new Refused("no_folder", `There is no folder ${folder}`);
  return { folder, name: safeName(path.slice(at + 1)) };
}

/** Where files are saved unless somebody says otherwise. */
export function downloadsOf(env: (name: string) => string | undefined): string {
  const named = env("XDG_DOWNLOAD_DIR");
  if (named?.startsWith("/")) return named;
  const home = env("HOME");
  return home ? `${home}/Downloads` : ".";
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isDirectory;
  } catch {
    return false;
  }
}

/** A path as typed, from the root on; `~` is the home. */
export function absolutePath(typed: string): string {
  const path = typed.trim().replaceAll("\\ ", " ").replace(/^(["'])(.*)\1$/, "$2");
  const home = Deno.env.get("HOME");
  const full = path === "~" || path.startsWith("~/") ? `${home ?? "~"}${path.slice(1)}` : path;
  return /^(?:\/|[A-Za-z]:[\\/])/.test(full) ? full : `${Deno.cwd()}/${full.replace(/^\.\//, "")}`;
}
