/** Resolves when a file, or the names in a folder, are on disk. */
export async function synced(path: string): Promise<void> {
  using file = await Deno.open(path);
  await file.sync();
}

/** The folder that a path lies in. */
export function folderOf(path: string): string {
  const end = path.lastIndexOf("/");
  return end < 0 ? "." : path.slice(0, end) || "/";
}
