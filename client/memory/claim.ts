/** From 2.7 on Deno can say whether a lock can be had without waiting for it. */
type Lockable = Deno.FsFile & { readonly tryLockSync?: (exclusive: boolean) => boolean };

/**
 * Takes a file for this process, until it is closed or the process ends, in whatever way. `false`: another process that
 * lives has it, or it is not the file of this path any more.
 */
export function claim(file: Lockable, path: string, pid?: number): boolean {
  if (file.tryLockSync === undefined) return pid === undefined || pid === Deno.pid || !lives(pid);
  return file.tryLockSync(true) && Deno.statSync(path).ino === file.statSync().ino;
}

/** As far as an older runtime can tell: on Linux. */
function lives(pid: number): boolean {
  try {
    Deno.statSync(`/proc/${pid}`);
    return true;
  } catch {
    return false;
  }
}
