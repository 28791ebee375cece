import { assert, assertEquals } from "@std/assert";
import { HistoryFile, historyPath, mayKeep } from "../client/terminal/history_file.ts";

Deno.test("HistoryFile keeps lines between runs, for their owner only", async () => {
  const dir = await Deno.makeTempDir();
  try {
    const path = `${dir}/state/chat/history`;
    const file = new HistoryFile(path);
    assertEquals(await file.load(), []);
    for (const line of ["one", "two\nrows \\n", "two\nrows \\n", "/whisper bob hi"]) file.add(line);
    await file.flushed();
    assertEquals(await new HistoryFile(path).load(), ["one", "two\nrows \\n", "/whisper bob hi"]);
    if (Deno.build.os !== "windows") assertEquals((await Deno.stat(path)).mode! & 0o777, 0o600);
    assertEquals(await Array.fromAsync(Deno.readDir(`${dir}/state/chat`), ({ name }) => name), ["history"]);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});

Deno.test("HistoryFile holds a thousand lines, and adds to what others wrote", async () => {
  const dir = await Deno.makeTempDir();
  try {
    const path = `${dir}/history`;
    await Deno.writeTextFile(path, Array.from({ length: 1_500 }, (_, at) => `line ${at}\n`).join(""));
    const [one, other] = [new HistoryFile(path), new HistoryFile(path)];
    one.add("from one");
    await one.flushed();
    other.add("from the other");
    await other.flushed();
    const lines = await one.load();
    assertEquals(lines.length, 1_000);
    assertEquals(lines.slice(-2), ["from one", "from the other"]);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});

Deno.test("HistoryFile never keeps what may be a secret, and disturbs nothing when it cannot write", async () => {
  for (
    const line of ["/register hunter2", "/passwd a b", "/pasword x", "/reg x", "/login x", "/", " secret", ""]
  ) {
    assert(!mayKeep(line), line);
  }
  for (const line of ["hello", "/w bob hi", "//slash"]) assert(mayKeep(line), line);
  const file = new HistoryFile("/proc/no/such/place/history");
  file.add("hello");
  await file.flushed();
  assertEquals(await file.load(), []);
});

Deno.test("historyPath follows XDG", () => {
  const path = (values: Record<string, string>) => historyPath((name) => values[name]);
  assertEquals(path({ XDG_STATE_HOME: "/x", HOME: "/h" }), "/x/chat/history");
  assertEquals(path({ HOME: "/h" }), "/h/.local/state/chat/history");
  assertEquals(path({}), undefined);
});
