import { assertEquals } from "@std/assert";
import type { Event } from "../protocol/schema.ts";
import { openHouse } from "./support/house.ts";
import { only, type Wire } from "./support/wire.ts";

/** How many want a name at the same time. */
const NAMES = 50;

/** `welcome`, or the code of the error that came instead. */
function outcome(event: Event): string {
  return event.type === "error" ? event.code : event.type;
}

Deno.test("[H3] each name is refused for its own reason, and the connection asks again until one is free", async () => {
  await using house = await openHouse();
  using _paul = await house.enter("paul");
  using wire = await house.open();
  const refused: Readonly<Record<string, string>> = {
    "witness": "name_taken",
    "WITNESS": "name_taken",
    "ｗｉｔｎｅｓｓ": "name_taken",
    "pau1": "name_confusable",
    "PauI": "name_confusable",
    "pаul": "name_confusable",
    "-alice": "name_invalid",
    "a b": "name_invalid",
    ["a".repeat(33)]: "name_invalid",
    "…": "name_invalid",
    "ali\u200bce": "name_invalid",
    "\u202ealice": "name_invalid",
    "a\nb": "name_invalid",
    "#lobby": "name_invalid",
    "@bob": "name_invalid",
    "server": "name_reserved",
    "Admin": "name_reserved",
    "*": "name_reserved",
    "r00t": "name_reserved",
    "": "schema",
  };
  for (const [name, code] of Object.entries(refused)) {
    const answer = only([await wire.hello(name, { ref: "n" })], "error");
    assertEquals([answer.code, answer.fatal, answer.ref], [code, undefined, "n"], name);
  }
  assertEquals((await wire.signIn("ÉMILE")).name, "émile");
  await house.undisturbed();
});

for (
  const name of [
    "server",
    "System",
    "ADMIN",
    "administrator",
    "root",
    "moderator",
    "everyone",
    "you",
    "null",
    "*",
  ]
) {
  Deno.test(`[D13] [N5] nobody can be called ${name}`, async () => {
    await using house = await openHouse();
    using wire = await house.open();
    assertEquals(outcome(await wire.hello(name)), "name_reserved");
  });
}

Deno.test("[H3] with as many guests as may be there, the next one finds the server full until one leaves", async () => {
  await using house = await openHouse({ limits: { clients: 2 } });
  using second = await house.enter("second");
  using third = await house.open();
  assertEquals(outcome(await third.hello("third")), "server_full");
  await second.send({ type: "bye" });
  await second.rest();
  assertEquals(outcome(await third.hello("third")), "welcome");
});

/** Everybody's hello for a name from `names`, sent before anybody is answered; how often each outcome came. */
async function race(
  names: readonly string[],
): Promise<{ outcomes: Record<string, number>; users: string[] }> {
  await using house = await openHouse();
  using stack = new DisposableStack();
  const wires: Wire[] = [];
  for (let n = 0; n < NAMES; n++) wires.push(stack.use(await house.open()));
  const answers = await Promise.all(wires.map((wire, n) => wire.hello(names[n % names.length]!)));
  const outcomes: Record<string, number> = {};
  for (const answer of answers) outcomes[outcome(answer)] = (outcomes[outcome(answer)] ?? 0) + 1;
  await house.witness.send({ type: "users" });
  const { users } = await house.witness.until("users");
  return { outcomes, users: users.filter((name) => name !== "witness") };
}

for (let round = 1; round <= 3; round++) {
  Deno.test(`[D07] of 50 simultaneous hellos for one name exactly one is welcome (round ${round})`, async () => {
    const { outcomes, users } = await race(["alice"]);
    assertEquals(outcomes, { welcome: 1, name_taken: NAMES - 1 });
    assertEquals(users, ["alice"]);
  });
}

Deno.test("[D08] the same with other letter cases, widths and normal forms of the name", async () => {
  const { outcomes, users } = await race(["émile", "ÉMILE", "e\u0301mile", "Ｅ\u0301ｍｉｌｅ", "éＭile"]);
  assertEquals(outcomes, { welcome: 1, name_taken: NAMES - 1 });
  assertEquals(users, ["émile"]);
});

Deno.test("[D08] the same with names that look alike", async () => {
  const { outcomes, users } = await race(["paul", "pau1", "PauI", "раul"]);
  const { welcome, name_taken = 0, name_confusable = 0, name_invalid = 0, ...others } = outcomes;
  assertEquals([welcome, others], [1, {}]);
  assertEquals(name_taken + name_confusable + name_invalid, NAMES - 1);
  assertEquals(users.length, 1);
});
