import { assert, assertEquals } from "@std/assert";
import { COMPLETIONS, completions, type Shell } from "../cli/completions.ts";
import { command, type Program } from "../cli/flag_table.ts";
import { CONNECT } from "../client/options.ts";
import { SERVE } from "../server/options.ts";

/** With everything a table can have, some of it hard to quote. */
const ODD = command({
  name: "odd",
  summary: 'it\'s [odd]: "quotes", $HOME and \\backslashes',
  flags: [
    {
      kind: "text",
      name: "mood",
      short: "m",
      value: "MOOD",
      help: "don't [mind] the $mood: \\ `x`",
      choices: ["calm", "wild"],
    },
    { kind: "text", name: "log", value: "FILE", help: "a file", complete: "file" },
    { kind: "text", name: "data", value: "DIR", help: "a directory", complete: "directory" },
    { kind: "switch", name: "color", negatable: true, help: "colour" },
    { kind: "number", name: "size", value: "N", help: "a number" },
  ],
});
const program: Program = { name: "chat", summary: "", commands: [SERVE, CONNECT, COMPLETIONS, ODD] };

async function shell(command: string, args: readonly string[], input: string): Promise<string[]> {
  const child = new Deno.Command(command, {
    args: [...args],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(input));
  await writer.close();
  const { stdout, stderr } = await child.output();
  assertEquals(new TextDecoder().decode(stderr), "");
  return new TextDecoder().decode(stdout).split("\n").filter((line) => line !== "");
}

async function has(command: string): Promise<boolean> {
  try {
    return (await new Deno.Command(command, { args: ["--version"], stdout: "null", stderr: "null" }).output())
      .success;
  } catch {
    return false;
  }
}

/** A test for a shell that not every machine has. */
async function inShell(name: Shell, what: string, test: () => Promise<void>): Promise<void> {
  const ignore = !await has(name);
  Deno.test({
    name: `completions for ${name}: ${what}${ignore ? ` (ignored: no ${name} here)` : ""}`,
    ignore,
    fn: test,
  });
}

/** What bash offers after these words; the last one is being typed. */
async function bashOffers(...words: string[]): Promise<string[]> {
  const quoted = words.map((word) => `'${word}'`).join(" ");
  return await shell(
    "bash",
    ["--norc"],
    `${completions("bash", program)}
    compopt() { :; } # only allowed while completing
    COMP_WORDS=(chat ${quoted}) COMP_CWORD=${words.length}
    _chat
    printf '%s\\n' "\${COMPREPLY[@]}"
    complete -p chat >/dev/null || echo 'not registered'
  `,
  );
}

await inShell("bash", "commands, flags, values and files are offered", async () => {
  assertEquals(await shell("bash", ["-n"], completions("bash", program)), []);
  assertEquals(await bashOffers(""), ["serve", "connect", "completions", "odd", "--help", "--version"]);
  assertEquals(await bashOffers("con"), ["connect"]);
  assertEquals(await bashOffers("connect", "--na"), ["--name"]);
  assertEquals(await bashOffers("connect", "--no-"), ["--no-state", "--no-color", "--no-bell", "--no-open"]);
  assertEquals(await bashOffers("connect", "--name", ""), []);
  assertEquals(await bashOffers("completions", ""), ["bash", "zsh", "fish", "--help", "-h", "--version"]);
  assertEquals(await bashOffers("odd", "--mood", "w"), ["wild"]);
  assertEquals(await bashOffers("odd", "-m", ""), ["calm", "wild"]);
  assertEquals(await bashOffers("odd", "--size", ""), []);
  const dir = await Deno.makeTempDir();
  await Deno.mkdir(`${dir}/some folder`);
  await Deno.writeTextFile(`${dir}/some file`, "");
  assertEquals((await bashOffers("odd", "--log", `${dir}/so`)).sort(), [
    `${dir}/some file`,
    `${dir}/some folder`,
  ]);
  assertEquals(await bashOffers("odd", "--data", `${dir}/so`), [`${dir}/some folder`]);
  await Deno.remove(dir, { recursive: true });
});

await inShell("zsh", "the script is well formed and registers itself", async () => {
  assertEquals(await shell("zsh", ["-f", "-n"], completions("zsh", program)), []);
  const said = await shell(
    "zsh",
    ["-f"],
    `
    autoload -Uz compinit && compinit -u -D
    ${completions("zsh", program)}
    print -r -- $_comps[chat]
    _describe() { print -rl -- \${(P)2} }
    _arguments() { print -rl -- "$@" }
    words=(chat '') CURRENT=2; _chat
    words=(chat odd '') CURRENT=3; _chat
  `,
  );
  assertEquals(said[0], "_chat");
  assert(said.includes("connect:talk, from a terminal, in a window or in a pipe"));
  assert(said.includes('odd:it\'s [odd]\\: "quotes", $HOME and \\backslashes'));
  assert(said.includes("--mood[don't \\[mind\\] the $mood: \\\\ `x`]:MOOD:(calm wild)"));
  assert(said.includes("--data[a directory]:DIR:_files -/"));
});

await inShell("fish", "commands, flags and values are offered", async () => {
  const script = completions("fish", program);
  const offers = async (line: string) =>
    (await shell("fish", ["--no-config"], `${script}\ncomplete -C ${JSON.stringify(line)}\n`)).map((offer) =>
      offer.split("\t")[0]
    );
  assertEquals((await offers("chat ")).sort(), ["completions", "connect", "odd", "serve"]);
  assertEquals(await offers("chat connect --na"), ["--name"]);
  assertEquals(await offers("chat odd --mood w"), ["wild"]);
  assertEquals(await offers("chat completions z"), ["zsh"]);
});

Deno.test("completions name every command and every flag", () => {
  for (const name of ["bash", "zsh", "fish"] as const) {
    const script = completions(name, program);
    for (const { name, flags } of program.commands) {
      assert(script.includes(name));
      for (const flag of flags) assert(script.includes(flag.name), flag.name);
    }
  }
});
