import { claim } from "./claim.ts";
import { readText } from "./own_file.ts";

/** Takes a file for this process, whose number it has in it; nothing where another process that lives has it. */
export async function lockFile(path: string): Promise<Deno.FsFile | undefined> {
  const lock = await Deno.open(path, { create: true, read: true, write: true, mode: 0o600 });
  try {
    const pid = Number(await readText(path)) || undefined;
    if (claim(lock, path, pid)) {
      await lock.truncate();
      await lock.write(new TextEncoder().encode(String(Deno.pid)));
      return lock;
    }
  } catch (error) {
    lock.close();
    throw error;
  }
  lock.close();
  return undefined;
}
