/// <reference lib="deno.worker" />
import { DATABASE, openToRead, openToWrite } from "./database.ts";
import { damaged, told } from "./failures.ts";
import { HighWater, highWaterOf } from "./high_water.ts";
import { Reading } from "./reading.ts";
import { isDamage, messageOf } from "./sqlite_error.ts";
import type { Answer, FromStore, Job, ReaderCalls, ToStore } from "./store_link.ts";
import { Writer } from "./writer.ts";

/** Milliseconds without a job after which entries are made findable, and how often that is done otherwise. */
const QUIET_MS = 50;

/** What this Worker does once it has been told which one it is. */
interface Work {
  do(jobs: readonly Job[]): readonly Answer[];
  /** Called after jobs were answered. */
  rest(): void;
  close(): void;
}

let work: Work | undefined;
let file = DATABASE;
let failed = false;

function say(message: FromStore): void {
  self.postMessage(message);
}

/** Runs `act`, unless something failed before: SQLite would go on, with a file that may not have what it thinks. */
function trying(act: () => void): void {
  if (failed) return;
  try {
    act();
  } catch (error) {
    failed = true;
    say({ type: "failed", error: told(isDamage(error) ? damaged(file, messageOf(error)) : error) });
  }
}

function write(folder: string, pages: number | undefined): void {
  const { db, incarnation, [Symbol.dispose]: dispose } = openToWrite(folder, pages);
  const writer = new Writer(db);
  const water = new HighWater(highWaterOf(file));
  water.raise(writer.stored);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let indexedAt = 0;
  const index = (many: boolean) => {
    const done = writer.index({ many });
    writer.tidy();
    indexedAt = performance.now();
    return done;
  };
  const quiet = () => {
    trying(() => {
      const there = index(true);
      if (there && writer.behind) timer = setTimeout(quiet, 0); // jobs come in between
    });
  };
  work = {
    do(jobs) {
      const answers = writer.do(jobs);
      water.raise(writer.stored);
      return answers;
    },
    rest() {
      writer.tidy();
      if (!writer.behind) return;
      if (performance.now() - indexedAt > QUIET_MS) index(false);
      clearTimeout(timer);
      timer = setTimeout(quiet, QUIET_MS);
    },
    close() {
      clearTimeout(timer);
      water[Symbol.dispose]();
      dispose();
    },
  };
  say({ type: "opened", incarnation });
}

function read(folder: string): void {
  const db = openToRead(folder);
  const calls: ReaderCalls = new Reading(db);
  work = {
    do: (jobs) =>
      jobs.map(({ call, args }) => {
        const asked = calls[call as keyof ReaderCalls] as (...args: readonly unknown[]) => unknown;
        return { value: asked.apply(calls, [...args]) };
      }),
    rest() {},
    close: () => db.close(),
  };
  say({ type: "opened", incarnation: "" });
}

self.onmessage = ({ data }: MessageEvent<ToStore>) =>
  trying(() => {
    switch (data.type) {
      case "open":
        file = `${data.folder}/${DATABASE}`;
        return data.role === "writer" ? write(data.folder, data.pages) : read(data.folder);
      case "jobs": {
        say({ type: "answers", answers: work!.do(data.jobs) });
        return work!.rest();
      }
      case "close":
        work?.close();
        return say({ type: "closed" });
      default:
        return data satisfies never;
    }
  });
