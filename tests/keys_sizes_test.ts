import { assert, assertEquals } from "@std/assert";
import { decodeRequest } from "../protocol/codec.ts";
import { NO_LIMITS } from "../server/limits.ts";
import { serve } from "../server/serve.ts";
import { Keyring } from "./support/keyring.ts";
import { Program } from "./support/program.ts";
import { randomFrom } from "./support/random.ts";
import { TamperingProxy } from "./support/tampering_proxy.ts";

const BODIES = 1_000;
const MOST_BYTES = 4_096;
const ALPHABETS = ["abcdefghijklmnopqrstuvwxyz ", 'say "what?" \\ ', "naïve und schön ", "🐢🔑🚂 漢字 "];

/** A line of at most so many bytes. */
function line(random: () => number): string {
  const letters = [...ALPHABETS[Math.floor(random() * ALPHABETS.length)]!];
  const most = 1 + Math.floor(random() * MOST_BYTES);
  let text = "x";
  for (let size = 1; size < most - 4;) {
    const letter = letters[Math.floor(random() * letters.length)]!;
    text += letter;
    size += new TextEncoder().encode(letter).length;
  }
  return text.slice(0, 3_990);
}

Deno.test("[X13] a thousand whispers of all lengths have at most sixteen on the wire", async () => {
  await using after = new AsyncDisposableStack();
  const server = after.use(await serve({ limits: NO_LIMITS }));
  const ring = after.use(await Keyring.make(server.port));
  const bob = after.use(await ring.registered("bob"));
  const proxy = after.use(new TamperingProxy(server.port));
  const sizes = new Map<number, number>();
  const sealed = new Map<number, number>();
  const count = (map: Map<number, number>, size: number) => void map.set(size, (map.get(size) ?? 0) + 1);
  proxy.tamper.said = (payload) => {
    const request = decodeRequest(payload.slice());
    if (request.type !== "whisper") return;
    count(sizes, payload.length);
    count(sealed, request.sealed!.length);
  };
  const file = await Deno.makeTempFile();
  after.defer(() => Deno.remove(file));
  await Deno.writeTextFile(file, "correct horse battery\n", { mode: 0o600 });
  const words = [
    "--plain",
    "--no-state",
    "--name",
    "alice",
    "--register",
    "--password-file",
    file,
    "--to",
    "bob",
  ];
  const program = after.use(new Program("connect", `127.0.0.1:${proxy.port}`, ...words));
  const random = randomFrom(13);
  const lines = Array.from({ length: BODIES }, () => line(random));
  const [output] = await Promise.all([program.rest(), program.end(`${lines.join("\n")}\n`)]);
  assertEquals([await program.code, await program.errors], [0, ""]);
  assertEquals(output.split("\n").length, BODIES + 1);
  const texts = () => bob.shown("@alice");
  await bob.until(() => texts().length === BODIES);
  assertEquals(texts(), lines.map((text) => `alice: ${text}`));
  assertEquals(sizes.values().reduce((sum, n) => sum + n, 0), BODIES);
  assert(sizes.size <= 16 && sizes.size >= 4, JSON.stringify([...sizes].sort(([a], [b]) => a - b)));
  assert(sealed.size <= 16, JSON.stringify([...sealed]));
});
