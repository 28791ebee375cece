/** Bytes of all files in a folder and the folders in it, as long as they are; what is gone meanwhile counts nothing. */
export async function diskUse(folder: string): Promise<number> {
  let sum = 0;
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    sum += isDirectory ? await diskUse(path) : await Deno.stat(path).then(({ size }) => size, () => 0);
  }
  return sum;
}
