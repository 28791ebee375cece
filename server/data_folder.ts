import { EXIT, Exit } from "./exit.ts";

/** The file in the data folder that holds everything. */
export const DATABASE = "chat.db";

/** Who may do what with a file, as `ls -l` tells it: the bits of everybody but its owner. */
const OTHERS = 0o077;

/** The data folder that is meant: the one given, or that of the environment. */
export function dataFolder(given: string | undefined, env: (name: string) => string | undefined): string {
  if (given !== undefined) return given;
  const data = env("XDG_DATA_HOME");
  if (data?.startsWith("/")) return `${data}/chat`; // by its specification what is relative does not count
  const home = env("HOME");
  if (home) return `${home}/.local/share/chat`;
  const local = env("LOCALAPPDATA");
  if (local) return `${local}/chat`;
  throw new Exit(
    EXIT.config,
    "neither XDG_DATA_HOME nor HOME says where to keep data: name a folder with --data, or keep nothing with --ephemeral",
  );
}

/** Makes the folder where there is none; resolves with whether others than its owner may look into it. */
export async function openFolder(folder: string): Promise<{ readonly openToOthers: boolean }> {
  try {
    await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw unusable(folder, error);
  }
  const { isDirectory, mode } = await Deno.stat(folder);
  if (!isDirectory) throw unusable(folder, new Deno.errors.NotADirectory());
  return { openToOthers: mode !== null && (mode & OTHERS) !== 0 };
}

/** The database in a folder that must be there already; rejects, and makes nothing, where there is none. */
export async function existingDatabase(folder: string): Promise<string> {
  const path = `${folder}/${DATABASE}`;
  try {
    if ((await Deno.stat(path)).isFile) return path;
  } catch (error) {
    if (error instanceof Deno.errors.PermissionDenied) throw unusable(folder, error);
    if (!isMissing(error)) throw error;
  }
  throw new Exit(EXIT.failure, `there is no ${path}: name the folder that a server uses with --data`);
}

/** Whether a path names nothing. */
export function isMissing(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory;
}

function unusable(folder: string, error: unknown): Exit {
  if (error instanceof Deno.errors.AlreadyExists || error instanceof Deno.errors.NotADirectory) {
    return new Exit(EXIT.config, `${folder} is no folder: name another with --data`);
  }
  const why = error instanceof Error ? error.message : String(error);
  return new Exit(EXIT.config, `cannot use the folder ${folder}: ${why}. Name another with --data`);
}
