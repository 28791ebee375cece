import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { Refused } from "../client/chat_client.ts";
import { serve, type Server } from "../server/serve.ts";
import { MemoryStore } from "../server/store/memory.ts";
import { NO_LIMITS } from "../server/limits.ts";
import { Keyring } from "./support/keyring.ts";
import { signedIn, type Watched } from "./support/watched.ts";

/** A server, and what it has stored. */
async function open(): Promise<Server & { readonly store: MemoryStore }> {
  const store = new MemoryStore();
  return Object.assign(await serve({ limits: NO_LIMITS, store }), { store });
}

Deno.test("whispers between accounts are sealed: both read them, the server does not", async () => {
  await using server = await open();
  await using ring = await Keyring.make(server.port);
  await using alice = await ring.registered("alice");
  await using bob = await ring.registered("bob");
  alice.client.say("@bob", "the canary sings");
  const got = await bob.next("entry", ({ to }) => to === "@alice");
  assertEquals([got.entry.text, got.entry.seal], ["the canary sings", "e2e"]);
  const own = await alice.next("entry", ({ to }) => to === "@bob");
  assertEquals([own.entry.text, own.entry.seal], ["the canary sings", "e2e"]);
  bob.client.say("@alice", "so it does");
  assertEquals((await alice.next("entry", ({ to }) => to === "@bob")).entry.text, "so it does");
  const stored = await server.store.read("@alice bob", { limit: 10 });
  assertEquals(stored.map(({ text }) => text), ["", ""]);
  assert(stored.every(({ also }) => also?.startsWith('"sealed":"')));
  assertEquals(alice.client.keys?.privacy("bob"), "e2e");
});

Deno.test("a whisper to an account that is away is sealed, kept, and read at the next sign-in", async () => {
  await using server = await open();
  await using ring = await Keyring.make(server.port);
  {
    await using _bob = await ring.registered("bob");
  }
  {
    await using alice = await ring.registered("alice");
    for (const text of ["one", "two", "three"]) alice.client.say("@bob", text);
    await alice.client.settled();
  }
  await using bob = await ring.back("bob");
  const texts = [];
  for (let i = 0; i < 3; i++) texts.push((await bob.next("entry", ({ to }) => to === "@alice")).entry);
  assertEquals(texts.map(({ text, seal }) => [text, seal]), [["one", "e2e"], ["two", "e2e"], [
    "three",
    "e2e",
  ]]);
});

Deno.test("a new device reads what was whispered before it came, once it knows the password; others are told of it", async () => {
  await using server = await open();
  await using ring = await Keyring.make(server.port);
  await using other = await Keyring.make(server.port);
  await using alice = await ring.registered("alice");
  await using bob = await ring.registered("bob");
  for (const text of ["first", "second"]) {
    alice.client.say("@bob", text);
    await bob.next("entry", ({ entry }) => entry.text === text);
  }
  await bob.client.keys?.settle();
  await using laptop = await other.withPassword("bob");
  const page = await laptop.client.historyPage("@alice");
  assertEquals(page.entries.map(({ text, seal }) => [text, seal]), [["first", "e2e"], ["second", "e2e"]]);
  alice.client.say("@bob", "to both");
  for (const each of [bob, laptop]) {
    assertEquals((await each.next("entry", ({ entry }) => entry.text === "to both")).entry.seal, "e2e");
  }
  const news = await alice.next("keys");
  assertEquals([news.code, news.with], ["new_device", "bob"]);
});

Deno.test("a device that came after the last whisper is no forger: what is said next is for it, too", async () => {
  await using server = await open();
  await using first = await Keyring.make(server.port);
  await using alice = await first.registered("alice");
  await using _bob = await first.registered("bob");
  await using _carol = await first.registered("carol");
  const says = async (to: string, text: string, ...others: readonly Watched[]) => {
    alice.client.say(to, text);
    for (const other of others) await other.next("entry", ({ entry }) => entry.text === text);
    await alice.client.settled();
  };
  await says("@bob", "before there is another");
  await using second = await Keyring.make(server.port);
  await using laptop = await second.withPassword("alice");
  await says("@alice", "a note to myself", laptop);
  await using third = await Keyring.make(server.port);
  await using phone = await third.withPassword("alice");
  await says("@carol", "the first to her", laptop, phone);
  assertEquals(alice.count("refused"), 0);
  const told = alice.seen.flatMap((event) => event.kind === "keys" ? [event.code] : []);
  assertEquals(told, ["new_device", "new_device"]);
});

Deno.test("the words are the same on both screens, and make the conversation a verified one", async () => {
  await using server = await open();
  await using ring = await Keyring.make(server.port);
  await using alice = await ring.registered("alice");
  await using bob = await ring.registered("bob");
  await using carol = await ring.registered("carol");
  alice.client.say("@bob", "hello");
  await bob.next("entry", ({ to }) => to === "@alice");
  const [hers, his, others] = await Promise.all([
    alice.client.keys!.words("bob"),
    bob.client.keys!.words("alice"),
    carol.client.keys!.words("alice"),
  ]);
  assertEquals(hers, his);
  assertEquals([hers.words.length, hers.emoji.length], [6, 6]);
  assertNotEquals(hers.words, others.words);
  await alice.client.keys!.confirm("bob");
  assertEquals((await alice.next("privacy", ({ privacy }) => privacy === "verified")).with, "bob");
  bob.client.say("@alice", "hi");
  assertEquals((await alice.next("entry", ({ entry }) => entry.text === "hi")).entry.seal, "verified");
});

Deno.test("[X02] a key that changes stops what is sent until it is accepted on purpose", async () => {
  await using server = await open();
  await using ring = await Keyring.make(server.port);
  await using other = await Keyring.make(server.port);
  await using alice = await ring.registered("alice");
  {
    await using bob = await ring.registered("bob");
    alice.client.say("@bob", "before");
    await bob.next("entry", ({ entry }) => entry.text === "before");
    await alice.client.keys!.confirm("bob");
  }
  const [account] = (await server.store.people.accounts()).filter(({ name }) => name === "bob");
  server.store.keys.repassed(account!.id, undefined); // as after an operator's reset
  await using bob = await other.withPassword("bob");
  alice.client.say("@bob", "after");
  const refused = await alice.next("refused");
  assertEquals([refused.code, refused.draft.text], ["key_changed", "after"]);
  assertEquals(alice.client.keys!.privacy("bob"), "changed");
  await alice.client.keys!.accept("bob");
  alice.client.say("@bob", "again");
  assertEquals((await bob.next("entry", ({ to }) => to === "@alice")).entry.text, "again");
  assertEquals(alice.client.keys!.privacy("bob"), "e2e");
});

Deno.test("to a guest, from a guest, and with --plain the server can read it, and the entry says so", async () => {
  await using server = await open();
  await using ring = await Keyring.make(server.port);
  await using alice = await ring.registered("alice");
  await using bob = await ring.registered("bob");
  await using gus = await signedIn(server.port, "gus");
  alice.client.say("@gus", "to a guest");
  assertEquals((await gus.next("entry", ({ to }) => to === "@alice")).entry.text, "to a guest");
  gus.client.say("@alice", "from a guest");
  const got = await alice.next("entry", ({ entry }) => entry.text === "from a guest");
  assertEquals(got.entry.seal, undefined);
  alice.client.say("@bob", "for all to read", { plain: true });
  const plain = await bob.next("entry", ({ to }) => to === "@alice");
  assertEquals([plain.entry.text, plain.entry.seal], ["for all to read", undefined]);
  assertEquals(alice.client.keys?.privacy("gus"), "plain");
  await assertRejects(() => alice.client.keys!.words("gus"), Refused);
});

Deno.test("a program that starts again reads on, and writes under fresh keys [X15] [X16]", async () => {
  await using server = await open();
  await using ring = await Keyring.make(server.port);
  await using bob = await ring.registered("bob");
  {
    await using alice = await ring.registered("alice");
    alice.client.say("@bob", "one");
    await bob.next("entry", ({ entry }) => entry.text === "one");
  }
  bob.client.say("@alice", "in between");
  await bob.client.settled();
  await using alice = await ring.back("alice");
  assertEquals((await alice.next("entry", ({ entry }) => entry.from === "bob")).entry.text, "in between");
  alice.client.say("@bob", "two");
  assertEquals((await bob.next("entry", ({ entry }) => entry.from === "alice")).entry.text, "two");
  const page = await alice.client.historyPage("@bob");
  assertEquals(page.entries.map(({ text }) => text), ["one", "in between", "two"]);
  const sealed = (await server.store.read("@alice bob", { limit: 9 })).map(({ also }) => also!.slice(10));
  const group = (text: string) =>
    Uint8Array.fromBase64(text.slice(0, 24), { alphabet: "base64url" }).slice(1, 17).toHex();
  assertNotEquals(group(sealed[0]!), group(sealed[2]!));
});
