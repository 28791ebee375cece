import { assert, assertEquals } from "@std/assert";
import { eventually, type House, openHouse } from "./support/house.ts";
import { FaultProxy } from "./support/proxy.ts";
import { welcomed, type Wire } from "./support/wire.ts";

/** More than the kernel keeps for a reader on this machine who does not read, and a lag on top. */
const MESSAGES = 1_500;
const TEXT = "x".repeat(4_000);

const limits = { lagBytes: 256 * 1024, holdSeconds: 1_000, graceSeconds: 1_000 };

/** Says a lot in the lobby; resolves when the witness has seen all of it. */
async function talk(house: House, talker: Wire): Promise<void> {
  const talking = (async () => {
    for (let n = 1; n <= MESSAGES; n++) {
      await talker.send({
        type: "message",
        room: "lobby",
        id: `m-${n}`,
        text: `${n} ${TEXT.slice(0, 3_990)}`,
      });
    }
  })();
  const listening = [house.witness, talker].map((wire) =>
    wire.until("message", ({ seq }) => seq === MESSAGES)
  );
  await Promise.all([talking, ...listening]);
}

/** The seqs of the lobby that come next, up to the last one. */
async function seqs(wire: Wire): Promise<number[]> {
  const got: number[] = [];
  while (got.at(-1) !== MESSAGES) got.push((await wire.until("message")).seq);
  return got;
}

function upTo(last: number, from = 1): number[] {
  return Array.from({ length: last - from + 1 }, (_, i) => from + i);
}

Deno.test("[C01] [T6] who does not read is closed, nobody waits for it, and it misses nothing when it comes back", async () => {
  await using house = await openHouse({ limits });
  using talker = await house.enter("talker");
  using slow = await house.enter("slow");
  await talk(house, talker);
  await eventually("the slow reader is closed", () => house.server.counts().users === 2);
  const seen = await slow.rest();
  const last = seen.at(-1);
  assert(last?.type === "error");
  assertEquals([last.code, last.fatal], ["slow_reader", true]);
  const has = seen.flatMap((event) => event.type === "message" ? [event.seq] : []);
  assertEquals(has, upTo(has.length), "what it got before has no hole");
  assert(has.length < MESSAGES);

  using back = await house.enter("slow", { session: slow.welcome.session, resume: { lobby: has.length } });
  assertEquals([back.welcome.resumed, back.welcome.closed], [true, "slow_reader"]);
  assertEquals(await seqs(back), upTo(MESSAGES, has.length + 1));
  await house.undisturbed();
});

Deno.test("[C01] [T6] who takes nothing for too long is closed though little waits for it", async () => {
  await using house = await openHouse({ limits: { ...limits, lagBytes: 1024 ** 3, stallSeconds: 0.3 } });
  using talker = await house.enter("talker");
  using slow = await house.enter("slow");
  await talk(house, talker);
  await eventually("the slow reader is closed", () => house.server.counts().users === 2);
  using back = await house.enter("slow", { session: slow.welcome.session, resume: { lobby: 0 } });
  assertEquals([back.welcome.resumed, back.welcome.closed], [true, "slow_reader"]);
  assertEquals(await seqs(back), upTo(MESSAGES));
});

Deno.test("[C02] [T6] who reads, but too slowly, is closed by what it is behind", async () => {
  await using house = await openHouse({ limits });
  await using proxy = new FaultProxy(house.port);
  using talker = await house.enter("talker");
  using slow = await welcomed(proxy.port, "slow");
  proxy.stall();
  await talk(house, talker);
  proxy.pass();
  const has = (await slow.rest()).flatMap((event) => event.type === "message" ? [event.seq] : []);
  assertEquals(has, upTo(has.length));
  using back = await house.enter("slow", { session: slow.welcome.session, resume: { lobby: has.length } });
  assertEquals(back.welcome.closed, "slow_reader");
  assertEquals(await seqs(back), upTo(MESSAGES, has.length + 1));
});

Deno.test("[C01] ten who do not read cost what they are behind, not what was said", async () => {
  await using house = await openHouse({ limits });
  using talker = await house.enter("talker");
  using stack = new DisposableStack();
  for (let n = 0; n < 10; n++) stack.use(await house.enter(`slow-${n}`));
  await talk(house, talker);
  await eventually("they are all closed", () => house.server.counts().users === 2);
  await house.undisturbed();
});

Deno.test("[C01] answers to who does not read are bounded, too", async () => {
  await using house = await openHouse({ limits: { ...limits, stallSeconds: 1_000 } });
  using talker = await house.enter("talker");
  await talk(house, talker);
  using greedy = await house.enter("greedy");
  const ask = { type: "history", room: "lobby", limit: 200 }; // a page is as large as a frame
  await greedy.send(...Array.from({ length: 400 }, () => ask));
  await eventually("the greedy one is closed", () => house.server.counts().users === 2);
  using back = await house.enter("greedy", { session: greedy.welcome.session });
  assertEquals(back.welcome.closed, "slow_reader");
});

Deno.test("[C01] [R2] coming back makes no slow reader of who reads: what was missed comes at the reader's pace", async () => {
  await using house = await openHouse({ limits });
  using talker = await house.enter("talker");
  await talk(house, talker);
  using back = await house.enter("late", { resume: { lobby: 0 } });
  const meanwhile = Array.from({ length: 200 }, (_, n) => ({
    type: "message",
    room: "lobby",
    id: `meanwhile-${n}`,
    text: `${n}`,
  }));
  const talking = (async () => {
    for (const each of meanwhile) await talker.send(each);
  })();
  const got = await Promise.all([seqs(back), talking]);
  assertEquals(got[0], upTo(MESSAGES));
  for (const { id } of meanwhile) assertEquals((await back.until("message")).id, id);
});
