/** Everything in a folder, byte by byte. */
export async function folderBytes(folder: string): Promise<string> {
  let all = "";
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    all += isDirectory
      ? await folderBytes(path)
      : new TextDecoder("latin1").decode(await Deno.readFile(path));
  }
  return all;
}
