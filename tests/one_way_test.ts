import { assertEquals } from "@std/assert";
import { networkTest } from "./support/needs.ts";
import { Network } from "./support/network.ts";
import { Served } from "./support/served.ts";
import { ImpatientSpeaker, Speaker } from "./support/speaker.ts";

const MAIN = new URL("../main.ts", import.meta.url).pathname;
const CHAT = [Deno.execPath(), "run", "--quiet", "-A", MAIN];
const LIMITS = ["--no-limits", "--ping-seconds", "1", "--hold-seconds", "60"];
const LINES = 20;

/** A server in the near network, somebody beside it, and somebody far away. */
async function open(after: AsyncDisposableStack, ...more: readonly string[]) {
  const network = after.use(await Network.open());
  const { near, far } = network;
  const chat = [...near.prefix, ...CHAT];
  const server = after.use(await Served.start(chat, "--host", near.address, ...LIMITS, ...more));
  const address = `${near.address}:${server.port}`;
  const ann = after.use(await Speaker.open("ann", address, { prefix: near.prefix }));
  const away = after.use(await ImpatientSpeaker.open("away", address, { prefix: far.prefix }));
  await ann.untilTold("joined away");
  await away.untilTold("online");
  return { network, ann, away };
}

/** Both say lines, and one of them waits for its own. */
async function talk(from: number, ann: Speaker, away: Speaker): Promise<void> {
  for (let n = from; n < from + LINES; n++) for (const each of [ann, away]) await each.write(`${n}\n`);
  await ann.until(`ann: ${from + LINES - 1}`);
}

/** Each was shown every line of both, once and in order. */
async function complete(lines: number, ...people: readonly Speaker[]): Promise<void> {
  for (const each of people) {
    for (const { name } of people) {
      await each.until(`${name}: ${lines - 1}`);
      assertEquals(each.heardOf(name), Array.from({ length: lines }, (_, n) => `${name}: ${n}`));
    }
  }
}

for (
  const [what, loss] of [["server to client", { down: 100 }], ["client to server", { up: 100 }]] as const
) {
  networkTest(
    ["nft"],
    `[J06] nothing passes from ${what}: both give it up, and nothing is lost`,
    async () => {
      await using after = new AsyncDisposableStack();
      const { network, ann, away } = await open(after, "--idle-seconds", "3", "--grace-seconds", "1");
      await network.lose(loss);
      await talk(0, ann, away);
      await away.untilTold("offline");
      await ann.untilTold("left away");
      await network.lose({});
      await away.untilTold("online", 2);
      await talk(LINES, ann, away);
      await complete(2 * LINES, ann, away);
      assertEquals(ann.told.filter((told) => told.endsWith(" away")), [
        "joined away",
        "left away",
        "joined away",
      ]);
    },
  );
}

networkTest(
  ["nft"],
  "[J08] somebody gets another address in the middle: nothing is lost or told",
  async () => {
    await using after = new AsyncDisposableStack();
    const { network, ann, away } = await open(after, "--grace-seconds", "10", "--idle-seconds", "30");
    await network.move("10.77.0.3");
    await talk(0, ann, away);
    await away.untilTold("online", 2);
    await talk(LINES, ann, away);
    await complete(2 * LINES, ann, away);
    assertEquals(ann.told.filter((told) => told.endsWith(" away")), ["joined away"]);
  },
);
