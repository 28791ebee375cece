/// <reference lib="deno.worker" />
import { openToRead } from "./database.ts";
import { checkEntries, countsOf } from "./database_check.ts";
import type { FromCheck, ToCheck } from "./check_link.ts";
import { told } from "./failures.ts";

/** Entries read at a time; for as long as that took nothing is done then, so that others get on. */
const SLICE = 2_000;

function say(message: FromCheck): void {
  self.postMessage(message);
}

async function check({ folder, file }: ToCheck): Promise<void> {
  const db = openToRead(folder);
  say({ type: "counts", counts: countsOf(db) });
  for (let after: number | undefined = 0; after !== undefined;) {
    const began = performance.now();
    after = checkEntries(db, file, { after, limit: SLICE });
    await new Promise((resolve) => setTimeout(resolve, performance.now() - began));
  }
  db.close();
  say({ type: "whole" });
}

self.onmessage = ({ data }: MessageEvent<ToCheck>) => {
  check(data).catch((error) => say({ type: "failed", error: told(error) }));
};
