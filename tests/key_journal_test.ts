import { assert, assertEquals } from "@std/assert";
import { KeyJournal } from "../client/keys/key_journal.ts";
import { memberName } from "../client/keys/member_name.ts";
import type { Members } from "../client/keys/mls.ts";
import { Patience } from "../client/keys/patience.ts";
import { Secrets } from "../client/keys/secrets.ts";
import { Slot } from "../client/keys/slot.ts";
import type { Standing } from "../client/keys/steps.ts";
import { ledgerOf, recordsIn } from "./support/keys/key_files.ts";
import { temporary } from "./support/temporary.ts";

const encoder = new TextEncoder();
const bytes = (text: string) => encoder.encode(text);
const WHISPERS = 1_000;
/** Below this a journal may grow as it likes. */
const FLOOR = 64 * 1024;

/** Opens the journal, which can be read up to `good` records, adds one, and resolves with what is found after that. */
async function goOn(folder: string, good: number, record: string): Promise<string[]> {
  {
    using journal = await KeyJournal.open(folder);
    journal.cut(good);
    await journal.add(bytes(record));
  }
  using journal = await KeyJournal.open(folder);
  return journal.found.map((each) => new TextDecoder().decode(each));
}

Deno.test("[X15] what a crash has torn at the end of a journal of keys is not in the way of what comes after it", async () => {
  using stack = new DisposableStack();
  const folder = temporary(stack);
  const path = `${folder}/keys.journal`;
  await goOn(folder, 0, "one");
  await goOn(folder, 1, "two");
  const whole = await Deno.readFile(path);
  const torn = [
    ...Array.from({ length: 7 }, (_, size) => whole.slice(0, 7 + size)),
    new Uint8Array([...whole.slice(0, 7), ...new Uint8Array(9)]),
    new Uint8Array([...whole.slice(0, 7), 0, 0, 0, 3, 0, 0, 0]),
  ];
  for (const left of torn) {
    await Deno.writeFile(path, left);
    assertEquals(await goOn(folder, 1, "three"), ["one", "three"]);
  }
});

Deno.test("[X15] a journal of keys that is written anew says the same, whatever came before it", async () => {
  using stack = new DisposableStack();
  const folder = temporary(stack);
  await Deno.writeTextFile(`${folder}/keys.journal.new`, "left by a process that died");
  {
    using journal = await KeyJournal.open(folder);
    await journal.add(new Uint8Array(FLOOR));
    assert(journal.long);
    await journal.replace(bytes("all"));
    assert(!journal.long);
    await journal.add(bytes("more"));
  }
  assertEquals(await goOn(folder, 2, "and more"), ["all", "more", "and more"]);
});

/** One who whispers, as far as keys go: the Worker that has them, and its journal. */
class Keyed implements AsyncDisposable {
  private constructor(readonly name: string, readonly secrets: Secrets, readonly standing: Standing) {}

  static async open(name: string, folder: string): Promise<Keyed> {
    const slot = await Slot.open(folder);
    const patience = new Patience((trouble) => {
      throw trouble;
    });
    const secrets = new Secrets(slot.journal, patience);
    slot.journal!.cut(await secrets.take("load", { key: slot.key, journal: slot.journal!.found }));
    await secrets.take("adopt", { siblings: [] });
    const keyed = new Keyed(name, secrets, await secrets.take("device", {}));
    keyed.#slot = slot;
    return keyed;
  }

  #slot: Slot | undefined;

  get member(): readonly [string, string] {
    const { id, key } = this.standing.device!;
    return [memberName(this.name, id), key];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.secrets[Symbol.asyncDispose]();
    this.#slot![Symbol.dispose]();
  }
}

Deno.test(`a journal of keys is no longer than what it says needs, after ${WHISPERS} whispers; all can still be read`, async (t) => {
  using stack = new DisposableStack();
  const home = temporary(stack);
  const sealed: string[] = [];
  const open = async (bob: Keyed, n: number, members: Members) => {
    const entry = {
      from: "alice",
      to: "bob",
      id: `${n}`,
      seq: n + 1,
      sealed: sealed[n]!,
      with: "alice",
      members,
    };
    const opened = await bob.secrets.take("open", entry);
    assert("body" in opened, JSON.stringify(opened));
    assertEquals(opened.body.text, `whisper ${n}`);
  };
  {
    await using alice = await Keyed.open("alice", `${home}/alice`);
    await using bob = await Keyed.open("bob", `${home}/bob`);
    const members = new Map([alice.member, bob.member]);
    const [me, to, counters] = ["alice", "bob", [1, 1]] as const;
    for (let n = 0; n < WHISPERS; n++) {
      if (!await alice.secrets.take("ready", { to, counters })) {
        const packages = await bob.secrets.take("pack", { name: "bob", count: 1, last: false });
        await alice.secrets.take("start", { me, to, counters, packages, members });
      }
      const whisper = { me, to, id: `${n}`, body: { text: `whisper ${n}` }, log: [0, ""] } as const;
      sealed.push((await alice.secrets.take("seal", whisper))!);
      await open(bob, n, members);
      if (n % 50 > 0) continue;
      for (const { secrets } of [alice, bob]) {
        await secrets.take("toArchive", {});
        await secrets.take("archived", {});
      }
    }
  }
  for (const name of ["alice", "bob"]) {
    const { size } = await Deno.stat(`${home}/${name}/1/keys.journal`);
    const live = JSON.stringify([...ledgerOf(await recordsIn(`${home}/${name}`)).whole()]).length;
    assert(size <= Math.max(FLOOR, 2 * live) + FLOOR, `${name}: ${size} bytes to say ${live}`);
    await t.step(`${name}: ${size} bytes, of which ${live} mean something`, () => {});
  }
  await using bob = await Keyed.open("bob", `${home}/bob`);
  for (let n = 0; n < WHISPERS; n++) await open(bob, n, new Map());
});
