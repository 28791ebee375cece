import { assert, assertEquals } from "@std/assert";
import { networkTest } from "./support/needs.ts";
import { Network } from "./support/network.ts";
import { Served } from "./support/served.ts";
import { Speaker } from "./support/speaker.ts";

const MAIN = new URL("../main.ts", import.meta.url).pathname;
const CHAT = [Deno.execPath(), "run", "--quiet", "-A", MAIN];
/** Lines that are said at a time, and rounds of that at the most. */
const LINES = 15;
const ROUNDS = 40;
/** Packets that have to be lost for it to count. */
const LOST = 3;

for (const percent of [1, 5, 20]) {
  networkTest(
    ["nft"],
    `[J05] ${percent} % of all packets lost, both ways: each line once, in order, for all`,
    async () => {
      await using network = await Network.open();
      const { near, far } = network;
      await using server = await Served.start(
        [...near.prefix, ...CHAT],
        "--host",
        near.address,
        "--no-limits",
      );
      const address = `${near.address}:${server.port}`;
      await using ann = await Speaker.open("ann", address, { prefix: near.prefix });
      await using ben = await Speaker.open("ben", address, { prefix: near.prefix });
      await using cut = await Speaker.open("far", address, { prefix: far.prefix });
      await network.lose({ down: percent, up: percent });
      const all = [ann, ben, cut];
      let said = 0;
      for (let round = 0; round < ROUNDS && (round === 0 || await network.lost() < LOST); round++) {
        for (const last = said + LINES; said < last;) {
          said++;
          for (const each of all) await each.write(`${said}\n`);
          await cut.until(`far: ${said}`); // a packet of its own for each
        }
        // Those who are near hear each other, whatever becomes of the one that is far.
        for (const each of [ann, ben]) {
          for (const { name } of [ann, ben]) await each.until(`${name}: ${said}`);
        }
      }
      for (const each of all) for (const { name } of all) await each.until(`${name}: ${said}`);
      for (const each of all) {
        for (const { name } of all) {
          const lines = Array.from({ length: said }, (_, n) => `${name}: ${n + 1}`);
          assertEquals(each.heardOf(name), lines, `${each.name} of ${name}`);
        }
      }
      assert(await network.lost() >= LOST, "too little was lost for this to prove anything");
      for (const { name, shown } of [ben, cut]) {
        assertEquals(shown.slice(-said), ann.shown.slice(-said), name);
      }
    },
  );
}
