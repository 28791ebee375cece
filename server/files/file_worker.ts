/// <reference lib="deno.worker" />
import type { Done, FileCalls, Job } from "./file_link.ts";
import { FileFolder } from "./file_folder.ts";

let folder: FileFolder | undefined;

const calls: FileCalls = {
  async open(path) {
    folder = await FileFolder.open(path);
    return folder.records();
  },
  create: (record) => folder!.create(record),
  begin: (id, now) => folder!.begin(id, now),
  take: async (id, bytes) => ({ ...await folder!.take(id, bytes), bytes }),
  pause: (id) => folder!.pause(id),
  frames: async (id, range, into) => ({ bytes: await folder!.frames(id, range, into) }),
  remove: (id) => folder!.remove(id),
  free: () => folder!.free(),
};

/** Of one file one thing is done after the other; only what has come is handed out whatever else is under way. */
const lanes = new Map<unknown, Promise<void>>();

self.onmessage = ({ data }: MessageEvent<Job>) => {
  if (data.call === "frames") return void work(data);
  const [lane] = data.args;
  const before = lanes.get(lane) ?? Promise.resolve();
  const done = before.then(() => work(data));
  lanes.set(lane, done);
  void done.then(() => {
    if (lanes.get(lane) === done) lanes.delete(lane);
  });
};

async function work({ n, call, args }: Job): Promise<void> {
  let done: Done;
  try {
    const act = calls[call] as (...args: readonly unknown[]) => Promise<unknown>;
    done = { n, value: await act(...args) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    done = { n, error: message, full: /No space left|quota exceeded/i.test(message) };
  }
  self.postMessage(done, "value" in done ? buffersOf(done.value) : []);
}

/** What is moved and not copied. */
function buffersOf(value: unknown): ArrayBuffer[] {
  const bytes = typeof value === "object" && value !== null && "bytes" in value ? value.bytes : undefined;
  return bytes instanceof Uint8Array ? [bytes.buffer as ArrayBuffer] : [];
}
