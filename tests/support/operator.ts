import { DatabaseSync } from "node:sqlite";
import config from "../../deno.json" with { type: "json" };
import { SqliteStore } from "../../server/store/store_client.ts";
import type { Draft } from "../../server/store/store.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
/** `deno task serve`, with what it may do. */
const [, ...TASK] = config.tasks.serve.split(" ");
/** How long a program may take. */
const DEADLINE_MS = 60_000;
const decoder = new TextDecoder();

/** What a program said, and how it ended. */
export interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A folder of its own, gone at the end of the test. */
export class Folder implements AsyncDisposable {
  private constructor(readonly path: string) {}

  static async make(): Promise<Folder> {
    return new Folder(await Deno.makeTempDir({ prefix: "chat-test-" }));
  }

  /** The names in it, sorted. */
  async names(): Promise<string[]> {
    return (await Array.fromAsync(Deno.readDir(this.path), ({ name }) => name)).sort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.path, { recursive: true });
  }
}

/** Runs `chat serve ARGS` to its end; `home` is where it would keep its data unless told otherwise. */
export async function operate(home: string, ...args: readonly string[]): Promise<Said> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...TASK, ...args],
    cwd: ROOT,
    env: { XDG_DATA_HOME: home, NO_COLOR: "1" },
    stdin: "null",
    signal: AbortSignal.timeout(DEADLINE_MS), // a server that should have ended says nothing more
  }).output();
  return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}

/** A message of somebody, said in the lobby unless told otherwise. */
export function draft(n: number, over: Partial<Draft> = {}): Draft {
  const from = ["ann", "ben", "émile"][n % 3]!;
  const text = `${n}: ${"what is said and kept ".repeat(1 + n % 9)}`;
  return {
    conversation: "#lobby",
    from,
    sender: `${from} 1`,
    id: `m${n}`,
    text,
    at: Date.UTC(2026, 0, 1) + n,
    ...over,
  };
}

/** Keeps messages in a data folder, as a server would that has stopped since. */
export async function kept(folder: string, drafts: readonly Draft[]): Promise<void> {
  await using store = await SqliteStore.open({ folder });
  for (let i = 0; i < drafts.length; i += 100) await store.append(drafts.slice(i, i + 100));
}

/** All entries of a database, read without our own code: in the order of their conversations and places. */
export function entriesIn(database: string): readonly string[] {
  const db = new DatabaseSync(database, { readOnly: true });
  try {
    return db.prepare(
      `SELECT c.key || ' ' || e.seq || ' ' || e.author || ' ' || e.id || ' ' || e.text AS line
       FROM entry e JOIN conversation c ON c.id = e.conversation ORDER BY c.key, e.seq`,
    ).all().map(({ line }) => String(line));
  } finally {
    db.close();
  }
}
