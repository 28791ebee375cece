import { assert, assertEquals } from "@std/assert";
import type { Entry } from "../../../client/entry.ts";
import { NO_LIMITS } from "../../../server/limits.ts";
import { serve, type Server } from "../../../server/serve.ts";
import { Keyring } from "../keyring.ts";
import { type Rules, shimmed } from "../shim/shim.ts";
import { connect, type Watched } from "../watched.ts";
import { Auditor } from "./auditor.ts";
import { recordsIn } from "./key_files.ts";
import { Killed, Mortal } from "./mortal.ts";
import { type Said, saidIn, type Seat, seated } from "./stated_client.ts";
import { unfounded } from "./told_before.ts";

/** Who was killed is soon forgotten; nobody is hurried, however busy the machine is. */
const LIMITS = {
  ...NO_LIMITS,
  ...{ holdSeconds: 0.2, graceSeconds: 0.05 },
  ...{ helloSeconds: 60, signInSeconds: 60, frameSeconds: 60, patienceSeconds: 60 },
};
const [OLD, NEW] = ["correct horse battery", "another horse battery"];

/** What was found when it was over. */
export interface Found {
  readonly killed: boolean;
  readonly acknowledged: number;
  /** Different ciphertexts that were made. */
  readonly sealed: number;
}

/**
 * Alice makes an account and whispers with Bob, who is away at first, and then has a second device; she changes her
 * password and signs in again. She may be killed on the way: then she comes back, goes on, and nothing is amiss.
 */
export class KeyScenario implements AsyncDisposable {
  readonly #server: Server;
  readonly #ring: Keyring;
  readonly #other: Keyring;
  readonly #auditor: Auditor;
  readonly #stack = new AsyncDisposableStack();
  readonly seat: Seat;
  #bob: Watched | undefined;

  private constructor(home: string, server: Server, rings: readonly [Keyring, Keyring], auditor: Auditor) {
    this.#server = server;
    [this.#ring, this.#other] = rings;
    this.#auditor = auditor;
    const [pocket, keys, told] = [`${home}/pocket`, `${home}/keys`, `${home}/told`];
    this.seat = { name: "alice", port: server.port, pocket, keys, told };
  }

  static async open(home: string): Promise<KeyScenario> {
    const server = await serve({ limits: LIMITS });
    const rings = [await Keyring.make(server.port), await Keyring.make(server.port)] as const;
    const scenario = new KeyScenario(home, server, rings, await Auditor.open());
    for (const each of [server, ...rings]) scenario.#stack.use(each);
    await Deno.mkdir(scenario.seat.keys, { recursive: true });
    await Deno.writeTextFile(scenario.seat.told, "");
    await (await rings[0].registered("bob"))[Symbol.asyncDispose]();
    await scenario.#peek();
    return scenario;
  }

  /** Runs it, with a shim below Alice's keys; resolves with whether she was killed. */
  async run(shim: string, rules: Omit<Rules, "folder" | "acks">): Promise<boolean> {
    const { keys: folder, told: acks } = this.seat;
    await using alice = new Mortal(this.seat, shimmed(shim, { ...rules, folder, acks }));
    try {
      await this.#tell(alice);
      return false;
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
      return true;
    }
  }

  async #tell(alice: Mortal): Promise<void> {
    const say = (...texts: string[]) => alice.do({ do: "say", to: "@bob", texts });
    await alice.do({ do: "register", password: OLD });
    await say("to one who is away", "the second");
    const bob = await this.#bobIsHere();
    bob.client.say("@alice", "here I am");
    bob.client.say("@alice", "what is it?");
    await alice.do({ do: "read", to: "@bob", text: "what is it?" });
    await say("nothing");
    await this.#secondDevice();
    await say("to both of yours");
    bob.client.say("@alice", "got it on both");
    await alice.do({ do: "read", to: "@bob", text: "got it on both" });
    await alice.do({ do: "change the password", password: OLD, fresh: NEW });
    await alice.do({ do: "sign in again" });
    await say("here I am again", "the last");
    bob.client.say("@alice", "bye then");
    await alice.do({ do: "read", to: "@bob", text: "bye then" });
    await alice.do({ do: "leave" });
  }

  /** What left before stands on what is on disk; Alice comes back, goes on, and nothing is amiss. */
  async judge(): Promise<{ readonly acknowledged: number; readonly sealed: number }> {
    const before = await saidIn(this.seat.told);
    assertEquals(await unfounded(before, `${this.seat.keys}/alice`, "alice"), []);
    const bob = await this.#bobIsHere();
    await using alice = await this.#comeBack();
    const waiting = alice.client.pending.map(({ text }) => text);
    await alice.client.settled();
    alice.client.say("@bob", "after all");
    await bob.until(() => bob.shown("@alice").includes("alice: after all"));
    bob.client.say("@alice", "welcome back");
    await alice.until(() => alice.shown("@bob").includes("bob: welcome back"));
    const said = await saidIn(this.seat.told);
    const acked = acknowledged(said);
    await this.#assertRead(bob, acked, [...waiting, "after all"]);
    await assertReadable(alice, "@bob");
    await alice.client.keys!.settle();
    await this.#thirdDevice(bob);
    await this.#peek();
    const sealed = said.flatMap((each) => "sealed" in each ? [each.sealed] : []);
    assertEquals(await this.#auditor.audit(sealed), []);
    return { acknowledged: acknowledged(before).size, sealed: new Set(sealed).size };
  }

  /** Each whisper that was acknowledged, or waited, came once. */
  async #assertRead(bob: Watched, acked: ReadonlySet<string>, texts: readonly string[]): Promise<void> {
    const entries = await assertReadable(bob, "@alice");
    const ids = entries.filter(({ from }) => from === "alice").map(({ id }) => id);
    assertEquals([...acked].filter((id) => !ids.includes(id)), [], "acknowledged, and not there");
    assertEquals(ids.length, new Set(ids).size, "there twice");
    const lines = bob.shown("@alice").filter((line) => line.startsWith("alice: "));
    assertEquals(lines.length, new Set(lines).size, "shown twice");
    for (const text of texts) assert(lines.includes(`alice: ${text}`), `never shown: ${text}`);
    assertEquals(lines.length, ids.length);
  }

  /** Whoever knows the password reads all of it on a new device of Alice's, and nobody is told of another key. */
  async #thirdDevice(bob: Watched): Promise<void> {
    await using tablet = await this.#comeBack(this.#other);
    await assertReadable(tablet, "@bob");
    tablet.client.say("@bob", "from my tablet");
    await bob.until(() => bob.shown("@alice").includes("alice: from my tablet"));
    const alarms = bob.seen.filter((event) => event.kind === "keys" && event.code !== "new_device");
    assertEquals(alarms, []);
  }

  async #bobIsHere(): Promise<Watched> {
    this.#bob ??= this.#stack.use(await this.#ring.back("bob"));
    await this.#bob.client.keys!.look("bob");
    await this.#peek();
    return this.#bob;
  }

  async #secondDevice(): Promise<void> {
    this.#stack.use(await this.#other.withPassword("bob"));
  }

  /** Alice, in her own seat or on another machine, whatever she is asked on the way. */
  async #comeBack(machine?: Keyring): Promise<Watched> {
    const alice = machine
      ? connect(this.seat.port, "alice", await machine.options("alice"))
      : await seated(this.seat);
    for (let tries = 0;; tries++) {
      const event = await nextOf(alice);
      if (event === "online") break;
      if (event === "nameRefused") alice.client.rename("alice");
      else alice.client.signIn(tries % 2 === 0 ? NEW : OLD);
    }
    const [online] = alice.seen.filter((event) => event.kind === "online").slice(-1);
    if (online?.account === undefined) await alice.client.register(OLD);
    await alice.client.keys!.look("alice");
    return alice;
  }

  async #peek(): Promise<void> {
    this.#auditor.look(await recordsIn(this.#ring.folder("bob")));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack[Symbol.asyncDispose]();
  }
}

function acknowledged(said: readonly Said[]): ReadonlySet<string> {
  return new Set(said.flatMap((each) => "acked" in each ? [each.acked] : []));
}

/** All that two have whispered, none of which is closed to this one. */
async function assertReadable(who: Watched, to: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (let more = true; more;) {
    const page = await who.client.historyPage(to, { before: entries[0]?.seq });
    entries.unshift(...page.entries);
    more = page.more;
  }
  assertEquals(entries.filter(({ unreadable, seal }) => unreadable !== undefined || seal === undefined), []);
  const closed = who.seen.filter((event) => event.kind === "entry" && event.entry.unreadable !== undefined);
  assertEquals(closed, []);
  return entries;
}

type Turn = "online" | "nameRefused" | "passwordWanted";

async function nextOf(who: Watched): Promise<Turn> {
  const is = (kind: string): kind is Turn => ["online", "nameRefused", "passwordWanted"].includes(kind);
  const before = turns.get(who) ?? 0;
  await who.until(() => who.seen.slice(before).some(({ kind }) => is(kind)));
  const at = who.seen.findIndex(({ kind }, i) => i >= before && is(kind));
  turns.set(who, at + 1);
  return who.seen[at]!.kind as Turn;
}
const turns = new WeakMap<Watched, number>();
