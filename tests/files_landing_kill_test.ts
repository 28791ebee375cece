import { assert, assertEquals } from "@std/assert";
import { run } from "./support/program.ts";
import { buildShim, shimmed, shimTest } from "./support/shim/shim.ts";
import { Served } from "./support/served.ts";
import { temporary } from "./support/temporary.ts";

const MAIN = new URL("../main.ts", import.meta.url).pathname;
const CHAT = [Deno.execPath(), "run", "--quiet", "-A", MAIN];
/** Two batches of pieces, the last one not whole. */
const SIZE = 600_000;
const KILLED = 128 + 9;

shimTest(
  "[H09] a receiver that is killed after any call on its files has the file once, whole, when it is started again",
  async (t) => {
    await using after = new AsyncDisposableStack();
    const folder = temporary(after);
    const shim = await buildShim(folder);
    await using server = await Served.start(CHAT, "--data", `${folder}/data`, "--no-limits");
    await Deno.writeTextFile(`${folder}/password`, "a long password", { mode: 0o600 });
    const connect = ["connect", `127.0.0.1:${server.port}`, "--plain", "--name"];
    const bob = [...connect, "bob", "--register", "--password-file", `${folder}/password`];
    const state = `${folder}/bob`;
    assertEquals((await run(bob, "", { state })).code, 0);
    const wrong: string[] = [];
    let kills = 0;
    for (let nth = 1;; nth++) {
      const [name, saved] = [`${nth}.bin`, `${state}/in/${nth}`];
      const bytes = crypto.getRandomValues(new Uint8Array(SIZE % 65_536)); // enough to be told from others
      const whole = new Uint8Array(SIZE);
      whole.set(bytes);
      await Deno.writeFile(`${folder}/${name}`, whole);
      const { code, err } = await run([...connect, "alice", "--send", `${folder}/${name}`, "--to", "bob"]);
      assertEquals(code, 0, err);
      await Deno.mkdir(saved, { recursive: true });
      const env = shimmed(shim, { folder: state, acks: `${folder}/acks`, kill: { when: "after", nth } });
      const first = await run([...bob, "--receive", saved], "", { state, env });
      if (first.code !== KILLED) {
        assertEquals(first.code, 0, first.err);
        break;
      }
      kills++;
      const left = names(saved);
      const again = await run([...bob, "--receive", saved], "", { state });
      const there = names(saved);
      const right = there.length === 1 && there[0] === name && again.code === 0;
      if (!right) {
        wrong.push(`killed after call ${nth}, which left ${left}: ${there}, exit code ${again.code}`);
      }
    }
    await t.step(`${kills} kills`, () => {});
    assert(kills > 5, `only ${kills} calls`);
    assertEquals(wrong, []);
  },
);

function names(folder: string): string[] {
  return Array.from(Deno.readDirSync(folder), ({ name }) => name).sort();
}
