/** A new folder's path, removed with everything in it when `after` is over. */
export function temporary(after: AsyncDisposableStack | DisposableStack): string {
  const folder = Deno.makeTempDirSync();
  after.defer(() => Deno.removeSync(folder, { recursive: true }));
  return folder;
}
