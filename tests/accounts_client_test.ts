import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { Refused } from "../client/chat_client.ts";
import { OpaquePake } from "../client/pake/opaque_pake.ts";
import { serve, type ServeOptions, type Server } from "../server/serve.ts";
import { MemoryStore } from "../server/store/memory.ts";
import { NO_LIMITS } from "../server/limits.ts";
import { eventually } from "./support/house.ts";
import { Pocket } from "./support/pocket.ts";
import { FaultProxy } from "./support/proxy.ts";
import { Wire } from "./support/wire.ts";
import { connect, signedIn, type Watched } from "./support/watched.ts";

const LOBBY = "#lobby";
const PASSWORD = "correct horse battery";

/** A server whose store may be that of an earlier one. */
async function open(options: ServeOptions = {}): Promise<Server> {
  return await serve({ limits: NO_LIMITS, ...options });
}

/** A new device of somebody who knows the password. */
async function withPassword(port: number, pocket: Pocket, name = "alice"): Promise<Watched> {
  const watched = connect(port, name, await pocket.options(name, "laptop"));
  assertEquals((await watched.next("passwordWanted")).why, "account");
  watched.client.signIn(PASSWORD);
  await watched.next("online");
  return watched;
}

async function registered(port: number, pocket: Pocket, name = "alice"): Promise<Watched> {
  const watched = await signedIn(port, name, await pocket.options(name, "desk"));
  assertEquals(await watched.client.register(PASSWORD), "member");
  return watched;
}

function code(error: Error): string {
  return (error as Refused).code;
}

Deno.test("a guest registers and stays who it is; others sign in with the password, and from then on without", async () => {
  const store = new MemoryStore();
  await using desk = await Pocket.make();
  await using laptop = await Pocket.make();
  {
    await using server = await open({ store });
    await using alice = await registered(server.port, desk);
    alice.client.say(LOBBY, "mine");
    await alice.client.settled();
    await using second = await withPassword(server.port, laptop);
    assertEquals(second.seen.filter(({ kind }) => kind === "online").length, 1);
    assertEquals((await alice.client.devices()).map(({ label, here }) => [label, here]), [
      ["desk", true],
      ["laptop", true],
    ]);
  }
  await using server = await open({ store });
  for (const pocket of [desk, laptop]) {
    await using alice = await signedIn(server.port, "alice", await pocket.options("alice"));
    assertEquals(alice.seen[0]?.kind === "online" && alice.seen[0].account, "member");
  }
});

Deno.test("a wrong password is asked for again, one that nobody can have is refused at once, another name always helps", async () => {
  await using server = await open();
  await using desk = await Pocket.make();
  await using _alice = await registered(server.port, desk);
  await using other = connect(server.port, "alice", { pake: new OpaquePake() });
  await other.next("passwordWanted");
  other.client.signIn("wrong horse battery");
  assertEquals((await other.next("passwordWanted")).why, "wrong");
  const error = assertThrows(() => other.client.signIn("tab\tin it"), Refused);
  assertEquals(code(error), "password");
  assertEquals(code(await assertRejects(() => other.client.register("short"), Refused)), "password");
  assertEquals(code(await assertRejects(() => other.client.register(PASSWORD), Refused)), "name_taken");
  other.client.signIn(PASSWORD);
  assertEquals((await other.next("online")).account, "member");
  await using third = connect(server.port, "alice", { pake: new OpaquePake() });
  await third.next("passwordWanted");
  third.client.rename("carol");
  assertEquals((await third.next("online")).account, undefined);
});

Deno.test("without a way to deal with passwords a name that needs one is refused for good", async () => {
  await using server = await open();
  await using desk = await Pocket.make();
  await using _alice = await registered(server.port, desk);
  const other = connect(server.port, "alice");
  await other.over;
  const last = other.seen.at(-1)!;
  assert(last.kind === "ended" && last.why === "refused" && last.code === "auth_required");
});

Deno.test("where everybody needs an account, it is made before the first hello; the code makes it the owner's", async () => {
  await using server = await open({ required: true });
  await using desk = await Pocket.make();
  await using alice = connect(server.port, "alice", await desk.options("alice"));
  assertEquals((await alice.next("passwordWanted")).why, "unregistered");
  const wrong = await assertRejects(
    () => alice.client.register(PASSWORD, { claim: "not-the-code" }),
    Refused,
  );
  assertEquals(code(wrong), "claim");
  assertEquals(await alice.client.register(PASSWORD, { claim: server.ownerCode }), "owner");
  assertEquals((await alice.next("online")).account, "owner");
  await alice.client.bye();
  await using again = await signedIn(server.port, "alice", await desk.options("alice"));
  assertEquals(again.count("passwordWanted"), 0);
});

Deno.test("[D11] a new password sends all other devices back to the question", async () => {
  await using server = await open();
  await using desk = await Pocket.make();
  await using laptop = await Pocket.make();
  await using alice = await registered(server.port, desk);
  const second = await withPassword(server.port, laptop);
  const wrong = await assertRejects(
    () => alice.client.changePassword("not this one", "a new password"),
    Refused,
  );
  assertEquals(code(wrong), "auth");
  await alice.client.changePassword(PASSWORD, "a new password");
  await second.over;
  const last = second.seen.at(-1)!;
  assert(last.kind === "ended" && last.why === "replaced");
  await using back = connect(server.port, "alice", await laptop.options("alice"));
  await back.next("passwordWanted", ({ why }) => why === "account");
  await eventually("the token is forgotten", async () => (await laptop.session("alice")) === undefined);
  back.client.signIn(PASSWORD);
  await back.next("passwordWanted", ({ why }) => why === "wrong");
  back.client.signIn("a new password");
  await back.next("online");
  await alice.client.bye();
  await using own = await signedIn(server.port, "alice", await desk.options("alice"));
  assertEquals(own.count("passwordWanted"), 0);
});

Deno.test("a device that is revoked ends, and needs the password from then on", async () => {
  await using server = await open();
  await using desk = await Pocket.make();
  await using laptop = await Pocket.make();
  await using alice = await registered(server.port, desk);
  const second = await withPassword(server.port, laptop);
  const [, { device } = { device: 0 }] = await alice.client.devices();
  assertEquals(code(await assertRejects(() => alice.client.revoke(99), Refused)), "device");
  await alice.client.revoke(device);
  await second.over;
  assertEquals((await alice.client.devices()).length, 1);
  await using back = connect(server.port, "alice", await laptop.options("alice"));
  assertEquals((await back.next("passwordWanted")).why, "account");
});

Deno.test("who gives up an account ends, and nobody can have the name", async () => {
  await using server = await open();
  await using desk = await Pocket.make();
  const alice = await registered(server.port, desk);
  assertEquals(code(await assertRejects(() => alice.client.unregister("not this one"), Refused)), "auth");
  await alice.client.unregister(PASSWORD);
  await alice.over;
  const last = alice.seen.at(-1)!;
  assert(last.kind === "ended" && last.why === "bye");
  await alice.client.bye();
  assertEquals(await desk.session("alice"), undefined);
  await using other = connect(server.port, "alice", await desk.options("alice"));
  assertEquals((await other.next("nameRefused")).code, "name_taken");
});

Deno.test("a server with another key than before gets no proof", async () => {
  await using desk = await Pocket.make();
  await using elsewhere = await Pocket.make();
  let port = 0;
  {
    await using server = await open();
    ({ port } = server);
    await using _alice = await registered(port, desk);
  }
  await using _server = await open({ port });
  await using _other = await registered(port, elsewhere); // the same name, even the same password
  const alice = connect(port, "alice", await desk.options("alice"));
  await alice.next("passwordWanted");
  alice.client.signIn(PASSWORD);
  await alice.over;
  const last = alice.seen.at(-1)!;
  assert(last.kind === "ended" && last.why === "refused" && last.code === "server_key");
  await alice.client.bye();
});

Deno.test("a link that breaks at any moment of signing in is made anew, and nobody is asked twice", async () => {
  await using server = await open();
  await using desk = await Pocket.make();
  await using _alice = await registered(server.port, desk);
  let broken = 0;
  for (const cutAfterUp of [250, 430, 450, 600, 700]) {
    await using proxy = new FaultProxy(server.port, (link) => link === 0 ? { cutAfterUp } : {});
    await using other = connect(proxy.port, "alice", { pake: new OpaquePake() });
    await other.next("passwordWanted");
    other.client.signIn(PASSWORD);
    await other.next("online");
    assertEquals(other.count("passwordWanted"), 1);
    broken += other.count("offline");
  }
  assert(broken >= 3, `only ${broken} links broke`);
});

Deno.test("a link that breaks at any moment of registering: the account is made once, and the guest becomes it", async () => {
  await using server = await open();
  let broken = 0;
  let made = 0;
  // Up there go hello, register and enrol; down come welcome, the answer to register, and enrolled.
  const welcome = await welcomeBytes(server.port);
  const cuts = [
    ...[150, 250, 500].map((cutAfterUp) => ({ cutAfterUp })),
    ...[50, 140, 170].map((more) => ({ cutAfterDown: welcome + more })),
  ];
  for (const [at, cut] of cuts.entries()) {
    await using proxy = new FaultProxy(server.port, (link) => link === 0 ? cut : {});
    await using guest = await signedIn(proxy.port, `guest${at}`, { pake: new OpaquePake() });
    assertEquals(await guest.client.register(PASSWORD), "member");
    assertEquals(guest.count("passwordWanted"), 0);
    broken += guest.count("offline");
    const devices = await guest.client.devices();
    assertEquals(devices.filter(({ current }) => current).length, 1);
    made += devices.length - 1; // by the registration whose answer was lost
  }
  assert(broken >= 5, `only ${broken} links broke`);
  assert(made >= 1, "the answer to a registration was never lost: this proved too little");
});

Deno.test("a link that breaks at any moment of registering before the first hello: the account is made once", async () => {
  await using server = await open({ required: true });
  let broken = 0;
  let made = 0;
  // Down come the refusal of hello, the answer to register, and enrolled.
  for (const [at, cutAfterDown] of [150, 250, 290, 310, 330, 360].entries()) {
    await using proxy = new FaultProxy(server.port, (link) => link === 0 ? { cutAfterDown } : {});
    await using guest = connect(proxy.port, `guest${at}`, { pake: new OpaquePake() });
    await guest.next("passwordWanted");
    assertEquals(await guest.client.register(PASSWORD), "member");
    if (guest.count("online") === 0) await guest.next("online");
    assertEquals(guest.count("passwordWanted"), 1);
    broken += guest.count("offline");
    made += (await guest.client.devices()).length - 1; // by the registration whose answer was lost
  }
  assert(broken >= 4, `only ${broken} links broke`);
  assert(made >= 1, "the answer to a registration was never lost: this proved too little");
});

async function welcomeBytes(port: number): Promise<number> {
  using wire = await Wire.open(port);
  await wire.signIn("guest0");
  const [payload = ""] = wire.payloads;
  await wire.send({ type: "bye" });
  await wire.rest();
  return payload.length + 4;
}
