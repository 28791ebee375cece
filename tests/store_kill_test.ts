import { assert, assertEquals } from "@std/assert";
import { TextLineStream } from "@std/streams/text-line-stream";
import { SqliteStore } from "../server/store/store_client.ts";
import { randomFrom } from "./support/random.ts";
import { temporary } from "./support/temporary.ts";

const PROGRAM = new URL("./support/endless_store.ts", import.meta.url).pathname;
const ROUNDS = 5;

/** Lets the program append, kills it after so many acknowledgements, and resolves with the last one. */
async function kill(folder: string, after: number): Promise<number> {
  const args = ["run", "--quiet", "-A", PROGRAM, folder];
  const child = new Deno.Command(Deno.execPath(), { args, stdout: "piped", stdin: "null" }).spawn();
  let last = 0;
  let left = after;
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).pipeThrough(new TextLineStream());
  for await (const line of lines) {
    last = Number(line);
    if (--left === 0) child.kill("SIGKILL");
  }
  const { signal } = await child.status;
  assertEquals(signal, "SIGKILL");
  return last;
}

for (const seed of [1, 2]) {
  Deno.test(`[F01] [F26] sqlite: what was acknowledged before SIGKILL is there, and the folder is free (seed ${seed})`, async () => {
    await using after = new AsyncDisposableStack();
    const folder = temporary(after);
    const random = randomFrom(seed);
    let incarnation: string | undefined;
    for (let round = 1; round <= ROUNDS; round++) {
      const acknowledged = await kill(folder, 1 + Math.floor(random() * 500));
      await using store = await SqliteStore.open({ folder });
      incarnation ??= store.incarnation;
      assertEquals(store.incarnation, incarnation);
      const { head } = await store.extent("#lobby");
      assert(head >= acknowledged, `${acknowledged} were acknowledged, ${head} are there`);
      assertEquals(head % 5, 0); // a batch is there as a whole or not at all
      const entries = await store.read("#lobby", { limit: head + 1 });
      assertEquals(
        entries.map(({ seq, id, text }) => [seq, id, text]),
        Array.from({ length: head }, (_, i) => [i + 1, `m${i + 1}`, `text ${i + 1}`]),
      );
      assert(Number(await store.people.setting("last")) >= acknowledged - acknowledged % 5);
      assertEquals((await store.people.accounts()).length, round);
      const text = `"text ${head}"`;
      const found = await store.search({ text, within: new Map([["#lobby", 0]]), limit: 9 });
      assertEquals(found.map(({ seq }) => seq), [head]);
    }
  });
}
