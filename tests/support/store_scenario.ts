// Sends, registers and resumes with a store, and tells what was acknowledged: run by tests with the folder of the store,
// the file to tell it in, how many rounds, and how many settings after the first one (after 256 transactions the log is
// written back and begun anew), and the number of the first round. Ends with 74 where the store fails, with 70 where it
// goes on after that.
import { type Draft, pairKey, type Store } from "../../server/store/store.ts";
import { SqliteStore } from "../../server/store/store_client.ts";
import { Teller } from "./store_scenario_told.ts";

const AT = 1_700_000_000_000;
const NAMES = ["ann", "ben", "émile"];
const WHISPERS = { conversation: pairKey("ann", "ben") };

const [folder, told, ...numbers] = Deno.args;
const [rounds = 1, settings = 0, first = 0] = numbers.map(Number);

function draft(n: number, over: Partial<Draft> = {}): Draft {
  const from = NAMES[n % NAMES.length]!;
  const text = `${n}: ${"words to be kept and found ".repeat(1 + n % 7)}`;
  return { conversation: "#lobby", from, sender: `${from} 1`, id: `m${n}`, text, at: AT + n, ...over };
}

async function send(store: Store, teller: Teller, first: number): Promise<void> {
  const append = (...drafts: Draft[]) => teller.step("append", drafts, () => store.append(drafts));
  await append(draft(first), draft(first + 1), draft(first + 2, { conversation: "#ops" }));
  const again = draft(first, { text: "the same id again" });
  await append(again, draft(first + 3), again);
  await Promise.all([
    append(draft(first + 4), draft(first + 6, WHISPERS)),
    append(draft(first + 5, { conversation: "#ops" })),
    append(draft(first + 7, WHISPERS)),
  ]);
}

async function register({ people }: Store, teller: Teller, round: number): Promise<number> {
  const name = `user${round}`;
  const device = (hash: string) => ({
    hash: `${round}${hash}`.padEnd(64, "0"),
    label: "x",
    created: AT,
    seen: AT,
  });
  const account = {
    name,
    skeletons: [name, `like ${name}`],
    identity: `${name} 1`,
    record: "record".repeat(30),
    stretching: { iterations: 3, memory: 65_536, parallelism: 1 },
    role: round === 0 ? "owner" : "member",
    created: AT,
  } as const;
  const first = device("aa");
  const made = await teller.step("enrol", { account, device: first }, () => people.enrol(account, first));
  if (made === undefined) throw new Error(`Cannot enrol ${name}: the store says that the name is taken.`);
  const second = device("bb");
  await teller.step(
    "addDevice",
    { account: made.id, device: second },
    () => people.addDevice(made.id, second, 5),
  );
  await teller.step("setRoom", { account: made.id, room: "ops" }, () => people.setRoom(made.id, "ops", true));
  const guest = {
    name: `guest${round}`,
    shown: undefined,
    session: `${round}`.padEnd(64, "f"),
    fresh: `g ${round}`,
    at: AT,
  };
  await teller.step("identify", guest, () => people.identify(guest));
  return made.id;
}

async function set({ people }: Store, teller: Teller, key: string): Promise<void> {
  await teller.step("setSetting", { key, value: "v" }, () => people.setSetting(key, "v"));
}

/** Which first makes what was said findable. */
async function find(store: Store, teller: Teller, { conversation, text }: Draft): Promise<void> {
  const query = { text: text.split(":")[0]!, within: new Map([[conversation, 0]]), limit: 10 };
  const found = await teller.step("search", query, () => store.search(query));
  if (!found.some((entry) => entry.text === text)) throw new Error(`Cannot find ${text}`);
}

async function resume({ people }: Store, teller: Teller, account: number): Promise<void> {
  for (const conversation of ["#lobby", WHISPERS.conversation]) {
    const which = { account, conversation };
    await teller.step("openMarks", which, () => people.openMarks(account, conversation));
    for (const marks of [{ delivered: 1_000, read: 1_000 }, { delivered: 7 }, { read: 1_001 }]) {
      await teller.step("mark", { ...which, marks }, () => people.mark(account, conversation, marks));
    }
  }
}

async function scenario(store: Store, teller: Teller): Promise<void> {
  for (let round = first; round < first + rounds; round++) {
    const start = 20 * round;
    await send(store, teller, start);
    const account = await register(store, teller, round);
    await set(store, teller, `round ${round}`);
    const more = draft(start + 8);
    const both = [resume(store, teller, account), teller.step("append", [more], () => store.append([more]))];
    for (const done of await Promise.allSettled(both)) if (done.status === "rejected") throw done.reason;
    await find(store, teller, more);
    for (let n = 0; round === first && n < settings; n++) await set(store, teller, `setting ${n}`);
  }
}

/** A store that has failed must not go on as if it had not. */
async function goesOn(store: Store): Promise<boolean> {
  return await store.append([draft(-1)]).then(() => true, () => false);
}

async function run(teller: Teller): Promise<number> {
  const store = await SqliteStore.open({ folder: folder! });
  try {
    await scenario(store, teller);
    await store[Symbol.asyncDispose]();
    return 0;
  } catch (error) {
    complain(error);
    return await goesOn(store) ? 70 : 74;
  }
}

function complain(error: unknown): void {
  Deno.stderr.writeSync(new TextEncoder().encode(`${error}\n`));
}

using teller = new Teller(told!);
const code = await run(teller).catch((error) => {
  complain(error);
  return 74;
});
Deno.exit(code);
