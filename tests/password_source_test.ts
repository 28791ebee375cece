import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { UsageError } from "../cli/usage_error.ts";
import { PasswordSource } from "../client/password_source.ts";
import { Refused } from "../client/refused.ts";

const posix = Deno.build.os !== "windows";

/** A source, and what was said while it was opened. */
async function open(
  given: { file?: string; command?: string },
): Promise<{ source: PasswordSource; warned: string[] }> {
  const warned: string[] = [];
  const source = await PasswordSource.open({
    file: given.file,
    command: given.command,
    stderr: "null",
    warn: (text) => void warned.push(text),
  });
  return { source, warned };
}

async function inFolder(test: (dir: string) => Promise<void>): Promise<void> {
  const dir = await Deno.makeTempDir();
  try {
    await test(dir);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

Deno.test("PasswordSource gives the first line of a file, once", () =>
  inFolder(async (dir) => {
    const file = `${dir}/password`;
    await Deno.writeTextFile(file, " correct horse é \r\nand more\n", { mode: 0o600 });
    const { source, warned } = await open({ file, command: "echo unused" });
    assertEquals([source.ready, warned], [true, []]);
    assertEquals(await source.take(), " correct horse é ");
    assertEquals([source.ready, await source.take()], [false, undefined]);
  }));

Deno.test({
  name: "PasswordSource warns of a file that others can read, and takes it",
  ignore: !posix,
  fn: () =>
    inFolder(async (dir) => {
      const file = `${dir}/password`;
      await Deno.writeTextFile(file, "correct horse\n");
      await Deno.chmod(file, 0o644);
      const { source, warned } = await open({ file });
      assertEquals(warned, [`${file} can be read by others on this machine: chmod 600 keeps it to you`]);
      assertEquals(await source.take(), "correct horse");
    }),
});

Deno.test("PasswordSource refuses a file that is missing, empty or none, and never says what is in it", () =>
  inFolder(async (dir) => {
    await Deno.writeTextFile(`${dir}/empty`, "\nhunter2\n", { mode: 0o600 });
    for (const [name, said] of [["missing", "no such file"], ["empty", "is empty"], ["", "is a directory"]]) {
      const error = await assertRejects(() => open({ file: `${dir}/${name}` }), UsageError);
      assertStringIncludes(error.message, said!);
      assertEquals(error.message.includes("hunter2"), false);
    }
    if (!posix) return;
    const { source } = await open({ file: "/dev/zero" }); // not read for ever
    assertEquals((await source.take())?.length, 4_096);
  }));

Deno.test({
  name: "PasswordSource runs a command only when the password is needed, and tells how it failed",
  ignore: !posix,
  fn: () =>
    inFolder(async (dir) => {
      const { source } = await open({ command: `touch '${dir}/ran'; printf 'correct horse\\nmore'` });
      assertEquals(await Array.fromAsync(Deno.readDir(dir)), []);
      assertEquals(await source.take(), "correct horse");
      assertEquals((await Array.fromAsync(Deno.readDir(dir))).length, 1);
      for (
        const [command, said] of [
          ["echo hunter2; exit 3", "CHAT_PASSWORD_COMMAND ended with status 3"],
          ["true", "CHAT_PASSWORD_COMMAND printed no password"],
          ["kill -9 $$", "CHAT_PASSWORD_COMMAND was ended by SIGKILL"],
        ] as const
      ) {
        const { source } = await open({ command });
        const error = await assertRejects(() => source.take(), Refused);
        assertEquals(error.message, said);
      }
    }),
});

Deno.test("PasswordSource forgets what is not needed", async () => {
  const { source } = await open({ command: "echo never" });
  source.forget();
  assertEquals([source.ready, await source.take()], [false, undefined]);
  assertEquals(await PasswordSource.none.take(), undefined);
});
