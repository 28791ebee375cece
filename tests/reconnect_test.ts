import { assert, assertEquals } from "@std/assert";
import { tcp, type Transport } from "../client/transport.ts";
import { NO_LIMITS } from "../server/limits.ts";
import { serve } from "../server/serve.ts";
import { type Fault, FaultProxy } from "./support/proxy.ts";
import { randomFrom } from "./support/random.ts";
import { signedIn, type Watched } from "./support/watched.ts";

const limits = { ...NO_LIMITS, holdSeconds: 30 };
const LOBBY = "#lobby";

for (const seed of [1, 2, 3]) {
  Deno.test(`[F06] [B11] links cut at random moments of bursts: each message once, in order, for all (seed ${seed})`, async () => {
    const EACH = 1_000;
    const random = randomFrom(seed);
    await using server = await serve({ limits, workers: 2 });
    await using proxy = new FaultProxy(server.port, (connection) => {
      if (connection >= 60) return {}; // at last left alone, so that the test ends
      return cutAfter(2_000 + Math.floor(random() * 60_000), random);
    });
    await using stack = new AsyncDisposableStack();
    const people: Watched[] = [];
    for (let i = 0; i < 4; i++) people.push(stack.use(await signedIn(proxy.port, `p${i}`, { random })));
    await using witness = await signedIn(server.port, "witness");
    for (let n = 0; n < EACH; n++) {
      for (const { client } of people) client.say(LOBBY, `${n}`);
    }
    await Promise.all(people.map(({ client }) => client.settled()));

    const total = people.length * EACH;
    for (const each of [...people, witness]) {
      await each.until(() => each.count("entry") >= total);
      assertEquals(seqs(each, LOBBY), upTo(total), `${each.client.name} has a hole or a double`);
      assertEquals(each.shown(LOBBY), witness.shown(LOBBY), "all see the same");
      assertEquals(each.count("gap"), 0);
    }
    for (const { client: { name } } of people) {
      const own = witness.shown(LOBBY).filter((line) => line.startsWith(`${name}: `));
      assertEquals(own, Array.from({ length: EACH }, (_, n) => `${name}: ${n}`));
    }
    const cuts = people.reduce((sum, each) => sum + each.count("offline"), 0);
    assert(cuts >= 10, `only ${cuts} links were cut: this proved nothing`);
  });

  Deno.test(`[F06] whispers over links that are cut: each once, in order, for both (seed ${seed})`, async () => {
    const EACH = 300;
    const random = randomFrom(seed);
    await using server = await serve({ limits, workers: 2 });
    await using proxy = new FaultProxy(server.port, (connection) => {
      if (connection >= 40) return {};
      return cutAfter(2_000 + Math.floor(random() * 15_000), random);
    });
    await using ann = await signedIn(proxy.port, "ann", { random });
    await using ben = await signedIn(proxy.port, "ben", { random });
    for (let n = 0; n < EACH; n++) {
      ann.client.say("@ben", `${n}`);
      ben.client.say("@ann", `${n}`);
    }
    await Promise.all([ann, ben].map(({ client }) => client.settled()));
    await Promise.all([ann, ben].map((each) => each.until(() => each.count("entry") >= 2 * EACH)));
    assertEquals(seqs(ann, "@ben"), upTo(2 * EACH));
    assertEquals(ann.shown("@ben"), ben.shown("@ann"));
    for (const name of ["ann", "ben"]) {
      const own = ann.shown("@ben").filter((line) => line.startsWith(`${name}: `));
      assertEquals(own, Array.from({ length: EACH }, (_, n) => `${name}: ${n}`));
    }
    assert(ann.count("offline") + ben.count("offline") >= 5, "this proved nothing");
  });
}

Deno.test("[A04] links that hand over byte by byte change nothing", async () => {
  await using server = await serve({ limits });
  await using proxy = new FaultProxy(server.port, () => ({ slice: 1 }));
  await using alice = await signedIn(proxy.port, "alice");
  await using bob = await signedIn(server.port, "bob");
  const texts = ["hi", "naïve 𝕥𝕖𝕩𝕥 👩‍👩‍👧", "x".repeat(1_000)];
  for (const text of texts) alice.client.say(LOBBY, text);
  await bob.until(() => bob.count("entry") === texts.length);
  for (const text of texts) bob.client.say(LOBBY, text);
  await alice.until(() => alice.count("entry") === 2 * texts.length);
  assertEquals(
    alice.shown(LOBBY),
    ["alice", "bob"].flatMap((name) => texts.map((text) => `${name}: ${text}`)),
  );
});

Deno.test("lines typed while away go out once, in order, after what others said meanwhile", async () => {
  await using server = await serve({ limits });
  await using proxy = new FaultProxy(server.port);
  await using alice = await signedIn(proxy.port, "alice");
  await using bob = await signedIn(server.port, "bob");
  await alice.client.join("ops");
  proxy.refuse();
  await alice.next("offline");
  for (let n = 0; n < 50; n++) alice.client.say(n % 2 ? LOBBY : "#ops", `away ${n}`);
  bob.client.say(LOBBY, "where is alice?");
  bob.client.say("@alice", "are you there?");
  await bob.client.settled();
  assertEquals(alice.client.pending.length, 50);
  proxy.pass();
  await alice.client.settled();
  await alice.until(() => alice.count("entry") === 52);
  const odd = upTo(50).filter((n) => n % 2 === 0).map((n) => `alice: away ${n - 1}`);
  assertEquals(alice.shown(LOBBY), ["bob: where is alice?", ...odd]);
  assertEquals(bob.shown(LOBBY), alice.shown(LOBBY));
  assertEquals(alice.shown("@bob"), ["bob: are you there?"]);
  assertEquals(alice.shown("#ops").length, 25);
  assertEquals([...alice.client.rooms.keys()].sort(), ["lobby", "ops"]);
});

for (const fault of ["stall", "swallow"] as const) {
  Deno.test(`[F19] a link that is only half open is given up and its session taken over (${fault})`, async () => {
    await using server = await serve({ limits });
    await using proxy = new FaultProxy(server.port);
    await using alice = await signedIn(proxy.port, "alice", { pulse: { quietMs: 100, patienceMs: 1_500 } });
    await using bob = await signedIn(server.port, "bob");
    alice.client.say(LOBBY, "before");
    await alice.next("entry");
    proxy[fault]();
    for (let n = 0; n < 10; n++) {
      alice.client.say(LOBBY, `${n}`);
      bob.client.say(LOBBY, `${n}`);
    }
    await bob.client.settled();
    await alice.next("offline", ({ why }) => why.includes("does not answer"));
    proxy.pass();
    await alice.client.settled();
    await alice.until(() => alice.count("entry") === 21);
    await bob.until(() => bob.count("entry") === 21);
    assertEquals(alice.shown(LOBBY), bob.shown(LOBBY));
    assertEquals(new Set(bob.shown(LOBBY)).size, 21);
    assertEquals(alice.count("ended"), 0);
  });
}

Deno.test("what was asked when the link broke is asked again", async () => {
  await using server = await serve({ limits });
  await using proxy = new FaultProxy(server.port);
  await using alice = await signedIn(proxy.port, "alice");
  proxy.refuse();
  await alice.next("offline");
  const asked = [alice.client.join("ops"), alice.client.users(), alice.client.history(LOBBY)];
  proxy.pass();
  assertEquals(await Promise.all(asked), [["alice"], ["alice"], []]);
  assert(alice.client.rooms.has("ops"));
});

Deno.test("a room that was left stays left after coming back", async () => {
  await using server = await serve({ limits });
  await using proxy = new FaultProxy(server.port);
  await using alice = await signedIn(proxy.port, "alice");
  await alice.client.join("ops");
  await alice.client.join("dev");
  await alice.client.leave("ops");
  await alice.client.leave("lobby");
  proxy.cut();
  await alice.until(() => alice.count("online") === 2);
  assertEquals([...alice.client.rooms.keys()], ["dev"]);
  await using bob = await signedIn(server.port, "bob");
  assertEquals(await bob.client.users("lobby"), ["bob"]);
  bob.client.say(LOBBY, "is alice here?");
  await bob.client.settled();
  assertEquals(await alice.client.users(), ["alice", "bob"]);
  assertEquals(alice.count("entry"), 0);
});

Deno.test("a server that was started anew has other logs: the client says so and goes on", async () => {
  let port = 0;
  const dial = (): Promise<Transport> => tcp("127.0.0.1", port);
  await using stack = new AsyncDisposableStack();
  const first = await serve({ limits });
  port = first.port;
  const alice = stack.use(await signedIn(port, "alice", { dial }));
  const bob = stack.use(await signedIn(port, "bob", { dial }));
  await alice.client.join("ops");
  for (let n = 0; n < 5; n++) alice.client.say(LOBBY, `old ${n}`);
  await bob.until(() => bob.count("entry") === 5);
  await first[Symbol.asyncDispose]();
  await Promise.all([alice.next("offline"), bob.next("offline")]);
  alice.client.say(LOBBY, "typed between");
  const second = stack.use(await serve({ limits }));
  port = second.port;
  const back = await alice.next("online");
  assertEquals([back.first, back.log], [false, "new"]);
  await bob.until(() => bob.count("online") === 2);
  await alice.client.settled();
  alice.client.say(LOBBY, "new");
  await bob.next("entry", ({ entry }) => entry.text === "new");
  assertEquals(alice.shown(LOBBY).slice(-2), ["alice: typed between", "alice: new"]);
  assertEquals(alice.shown(LOBBY).filter((line) => line.endsWith("typed between")).length, 1);
  assertEquals([...alice.client.rooms.keys()].sort(), ["lobby", "ops"]);
});

Deno.test("[B11] all links cut together: everybody is back, at different moments, and misses nothing", async () => {
  const PEOPLE = 50;
  const random = randomFrom(11);
  await using server = await serve({ limits, workers: 2 });
  await using proxy = new FaultProxy(server.port);
  await using stack = new AsyncDisposableStack();
  const people: Watched[] = [];
  for (let i = 0; i < PEOPLE; i++) {
    const backoff = { minMs: 200, maxMs: 2_000 };
    people.push(stack.use(await signedIn(proxy.port, `p${i}`, { random, backoff })));
  }
  await using speaker = await signedIn(server.port, "speaker");
  for (let round = 0; round < 3; round++) {
    proxy.cut();
    for (let n = 0; n < 20; n++) speaker.client.say(LOBBY, `${round} ${n}`);
    for (const { client } of people) client.say(LOBBY, `${round} ${client.name}`);
    await Promise.all(people.map(({ client }) => client.settled()));
  }
  const total = 3 * (20 + PEOPLE);
  for (const each of people) {
    await each.until(() => each.count("entry") >= total);
    assertEquals(seqs(each, LOBBY), upTo(total));
    assertEquals(each.shown(LOBBY), people[0]!.shown(LOBBY));
  }
  const waits = people.flatMap(({ seen }) =>
    seen.flatMap((event) => event.kind === "offline" ? [event.retryMs] : [])
  );
  assert(new Set(waits).size > PEOPLE, "their waits are spread");
  assertEquals(server.counts().users, PEOPLE + 1);
});

function cutAfter(bytes: number, random: () => number): Fault {
  return random() < 0.5 ? { cutAfterUp: bytes } : { cutAfterDown: bytes };
}

function seqs({ seen }: Watched, to: string): number[] {
  return seen.flatMap((event) => event.kind === "entry" && event.to === to ? [event.entry.seq] : []);
}

function upTo(last: number): number[] {
  return Array.from({ length: last }, (_, at) => at + 1);
}
