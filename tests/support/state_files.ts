/** One file of those that a client keeps. */
export interface StateFile {
  readonly path: string;
  readonly text: string;
  readonly mode: number;
}

/** Every file in a folder and the folders in it. */
export async function filesUnder(folder: string): Promise<StateFile[]> {
  const files: StateFile[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) files.push(...await filesUnder(path));
    else files.push({ path, text: await Deno.readTextFile(path), mode: (await Deno.stat(path)).mode ?? 0 });
  }
  return files;
}
