/// <reference lib="deno.worker" />
// Puts links to `target` in the place of files, and takes them away, so many times: run by tests/files_names_test.ts.

self.onmessage = ({ data: { paths, target, times } }: MessageEvent<Swapping>) => {
  for (let n = 0; n < times; n++) {
    for (const path of paths) {
      attempt(() => Deno.removeSync(path));
      attempt(() => n % 2 === 0 ? Deno.symlinkSync(target, path) : Deno.linkSync(target, path));
    }
    for (const path of paths) if (n % 4 === 0) attempt(() => Deno.removeSync(path));
  }
  self.postMessage("done");
};

/** What it is told. */
export interface Swapping {
  readonly paths: readonly string[];
  readonly target: string;
  readonly times: number;
}

function attempt(act: () => void): void {
  try {
    act();
  } catch { /* the other one was faster */ }
}
