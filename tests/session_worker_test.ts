import { assert, assertEquals } from "@std/assert";
import { eventually, type House, openHouse } from "./support/house.ts";
import type { Wire } from "./support/wire.ts";

const rogue = new URL("./support/rogue_session_worker.ts", import.meta.url);

/** A house in which every member has a Worker of its own, that does what a message says. */
async function openRogueHouse(events: string[] = []): Promise<House> {
  return await openHouse({
    workers: 8,
    sessionEntry: rogue,
    limits: { patienceSeconds: 0.3, holdSeconds: 1_000, graceSeconds: 0.05 },
    log: (event, details) => events.push(JSON.stringify({ event, ...details })),
  });
}

function word(text: string): object {
  return { type: "message", room: "lobby", id: crypto.randomUUID(), text: `!${text}!` };
}

/** The connection ends with `internal`; nobody else noticed more than that somebody left. */
async function breaks(house: House, wire: Wire): Promise<void> {
  await wire.send({ type: "ping" }).catch(() => {}); // closed already; if not, this finds the Worker gone
  const last = (await wire.rest()).at(-1);
  assert(last?.type === "error");
  assertEquals([last.code, last.fatal], ["internal", true]);
  await house.undisturbed();
}

const WAYS: Readonly<Record<string, string>> = {
  "throws": "throw",
  "rejects": "reject",
  "does not answer": "silent",
  "spins": "spin 1500",
  "answers without end": "flood 20000",
  "answers twice": "twice",
  "says what cannot be cloned": "unclonable",
};

for (const [way, text] of Object.entries(WAYS)) {
  Deno.test(`[K01] [K02] [K04] a session Worker that ${way} costs one connection`, async () => {
    const events: string[] = [];
    await using house = await openRogueHouse(events);
    using bystander = await house.enter("bystander");
    using mallory = await house.enter("mallory");
    await mallory.send(word(text));
    await breaks(house, mallory);
    await eventually("she has left", async () => !(await house.users()).includes("mallory"));
    await bystander.fence();
    assert(events.some((event) => event.includes("session_broke")), `${events}`);
    using back = await house.enter("mallory", { session: mallory.welcome.session });
    assertEquals([back.welcome.resumed, back.welcome.closed], [true, "internal"]);
    await back.send({ type: "message", room: "lobby", id: "b", text: "back" });
    await back.until("message");
    await bystander.until("message");
  });

  Deno.test(`[K01] [K02] [K04] a reception that ${way} costs the strangers in it, not the next one`, async () => {
    await using house = await openRogueHouse();
    using mallory = await house.open();
    await mallory.send({ type: "hello", protocol: 1, name: `!${text}!` });
    await breaks(house, mallory);
    using next = await house.enter("next");
    await next.fence();
  });
}

const FORGED: Readonly<Record<string, string>> = {
  "no list": '"CHANNEL"',
  "no reply": "[5]",
  "null": "[null]",
  "ready, again": '"ready"',
  "an empty list": "[]",
  "no verdicts": '[{"channel":CHANNEL,"frames":1,"partial":false}]',
  "a verdict nobody knows": '[{"channel":CHANNEL,"frames":1,"partial":false,"verdicts":[{"type":"sudo"}]}]',
  "a verdict off a prototype":
    '[{"channel":CHANNEL,"frames":1,"partial":false,"verdicts":[{"type":"toString"}]}]',
  "another's channel": '[{"channel":999,"frames":1,"partial":false,"verdicts":[]}]',
  "a channel that is no number": '[{"channel":"CHANNEL","frames":1,"partial":false,"verdicts":[]}]',
  "a message without text":
    '[{"channel":CHANNEL,"frames":1,"partial":false,"verdicts":[{"type":"message","room":"lobby","id":"f"}]}]',
  "an id that says more":
    '[{"channel":CHANNEL,"frames":1,"partial":false,"verdicts":[{"type":"message","room":"lobby","id":"f\\u0022,\\u0022from\\u0022:\\u0022witness","text":"forged"}]}]',
  "a text that is too long":
    '[{"channel":CHANNEL,"frames":1,"partial":false,"verdicts":[{"type":"message","room":"lobby","id":"f","text":"LONG"}]}]',
};

for (const [what, reply] of Object.entries(FORGED)) {
  Deno.test(`[K06] a session Worker that says ${what} is believed nothing`, async () => {
    await using house = await openRogueHouse();
    using mallory = await house.enter("mallory");
    await mallory.send(word(`forge ${reply}`));
    await breaks(house, mallory);
    assertEquals((await house.users()).filter((name) => name !== "mallory"), ["witness"]);
  });
}

Deno.test("[K06] [H5] a session Worker cannot take a second name", async () => {
  await using house = await openRogueHouse();
  using mallory = await house.enter("mallory");
  await mallory.send(word("claim second"));
  await breaks(house, mallory);
  assert(!(await house.users()).includes("second"));
});

Deno.test("[K06] [M2] a session Worker cannot say who speaks", async () => {
  await using house = await openRogueHouse();
  using mallory = await house.enter("mallory");
  await mallory.send(
    word(
      'forge [{"channel":CHANNEL,"frames":1,"partial":false,"verdicts":[{"type":"message","room":"lobby","id":"f","text":"forged","from":"witness","sender":"witness"}]}]',
    ),
  );
  const { from, text } = await house.witness.until("message");
  assertEquals([from, text], ["mallory", "forged"]);
});

Deno.test("[K01] Workers are no more than those at work, the reception and a spare, whatever becomes of them", async () => {
  await using house = await openRogueHouse();
  await eventually("there are as few as can be", () => house.server.counts().workers === 3);
  for (let n = 0; n < 5; n++) {
    using mallory = await house.enter(`mallory-${n}`);
    await mallory.send(word("throw"));
    await mallory.rest();
  }
  await eventually("there are as few again", () => house.server.counts().workers === 3);
});

Deno.test("members beyond --workers share Workers, and all are served", async () => {
  await using house = await openHouse({ workers: 2 });
  using stack = new DisposableStack();
  const wires = [];
  for (let n = 0; n < 12; n++) wires.push(stack.use(await house.enter(`guest-${n}`)));
  assert(house.server.counts().workers <= 4);
  for (const [n, wire] of wires.entries()) {
    await wire.send({ type: "message", room: "lobby", id: `m-${n}`, text: `${n}` });
  }
  for (const wire of [house.witness, ...wires]) {
    const texts = new Set<string>();
    while (texts.size < wires.length) texts.add((await wire.until("message")).text);
  }
  for (const wire of wires) wire[Symbol.dispose]();
  await eventually("their Workers are gone", () => house.server.counts().workers <= 3);
});
