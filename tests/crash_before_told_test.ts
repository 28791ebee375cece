import { assertEquals } from "@std/assert";
import { Served } from "./support/served.ts";
import { buildShim, shimmed, shimTest } from "./support/shim/shim.ts";
import { temporary } from "./support/temporary.ts";
import { welcomed, type Wire } from "./support/wire.ts";

const CHAT = [Deno.execPath(), "run", "--quiet", "-A", new URL("../main.ts", import.meta.url).pathname];
const NAMES = ["ann", "ben", "cleo"];
const SAID = { type: "message", room: "lobby", id: "m1", text: "kept" };

for (const nth of [1, 2, 3]) {
  shimTest(
    `[F04] [F05] [M3] killed when a message is stored and ${
      nth - 1
    } of 3 were told: it is there once, for everybody`,
    async () => {
      await using after = new AsyncDisposableStack();
      const root = await Deno.realPath(temporary(after));
      const folder = `${root}/data`;
      await Deno.mkdir(folder);
      const heard = await firstLife(root, folder, nth);
      assertEquals(heard.length, nth - 1);

      await using again = await Served.start(CHAT, "--data", folder);
      const wires = await Promise.all(
        NAMES.map((name) => welcomed(again.port, name, { resume: { lobby: 0 } })),
      );
      const [ann] = wires;
      await ann!.send({ ...SAID, text: "other words" }); // it was not told, and asks again
      for (const wire of wires) {
        const copies = (await wire.fence()).filter((event) => event.type === "message");
        const seen = new Set(
          copies.map(({ seq, text, at, from }) => JSON.stringify({ seq, text, at, from })),
        );
        assertEquals(seen.size, 1);
        assertEquals([copies[0]!.seq, copies[0]!.text], [1, "kept"]);
        for (const each of heard) assertEquals(each, copies[0]);
      }
      for (const wire of wires) wire[Symbol.dispose]();
      await again.stop();
    },
  );
}

/** Says something to a server that is killed over it; resolves with what of it was heard before. */
async function firstLife(root: string, folder: string, nth: number): Promise<readonly object[]> {
  const armed = `${root}/armed`;
  const env = shimmed(await buildShim(root), {
    folder,
    acks: `${root}/told`,
    armed,
    kill: { when: "told", nth },
  });
  const words = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  await using served = await Served.start(["env", ...words, ...CHAT], "--data", folder);
  const wires = await Promise.all(NAMES.map((name) => welcomed(served.port, name)));
  for (const wire of wires) await wire.fence();
  await Deno.writeTextFile(armed, "");
  await wires[0]!.send(SAID);
  const heard = await Promise.all(wires.map(lastWords));
  return heard.flat();
}

/** What comes until the connection is over, in whatever way. */
async function lastWords(wire: Wire): Promise<readonly object[]> {
  using _ = wire;
  const messages: object[] = [];
  try {
    for (let event; (event = await wire.next());) if (event.type === "message") messages.push(event);
  } catch (error) {
    if (!(error instanceof Deno.errors.ConnectionReset)) throw error;
  }
  return messages;
}
