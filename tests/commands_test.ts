import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { COMMANDS, findCommand } from "../client/commands.ts";
import { type Input, nearestCommand, parseInput } from "../client/parse_input.ts";

const typed = (line: string) => parseInput(line, { interactive: true });
const piped = (line: string) => parseInput(line, { interactive: false });

function problemOf(input: Input): string {
  assert(input.kind === "problem", JSON.stringify(input));
  return input.message;
}

Deno.test("parseInput takes a line as a message, and // as a leading slash", () => {
  assertEquals(typed("hello  "), { kind: "say", text: "hello" });
  assertEquals(typed("  indented"), { kind: "say", text: "  indented" });
  assertEquals(typed("//usr/bin"), { kind: "say", text: "/usr/bin" });
  assertEquals(typed("a\nb"), { kind: "say", text: "a\nb" });
  problemOf(typed(" \t "));
});

Deno.test("parseInput knows names, aliases, any case, and unique prefixes for a person only", () => {
  const whisper = {
    kind: "command",
    call: { name: "whisper", to: "bob", text: "hi  there", plain: false },
  } as const;
  for (const word of ["whisper", "WHISPER", "msg", "w", "whi"]) {
    assertEquals(typed(`/${word} @bob hi  there`), whisper);
  }
  assertEquals(piped("/W bob hi  there"), whisper);
  assertStringIncludes(problemOf(piped("/whi bob hi")), "/whisper");
  assertStringIncludes(problemOf(typed("/q")), "/query or /quit");
  assertEquals(typed("/me waves\nand bows"), {
    kind: "command",
    call: { name: "me", text: "waves\nand bows" },
  });
  assertEquals(typed("/join #dev"), { kind: "command", call: { name: "join", room: "dev" } });
  assertEquals(typed("/part"), { kind: "command", call: { name: "leave", room: undefined } });
  assertEquals(typed("/history 7"), { kind: "command", call: { name: "history", count: 7 } });
  const call = (line: string) => {
    const input = typed(line);
    return input.kind === "command" ? input.call : input;
  };
  assertEquals(call('/search in:#ops "disk full"'), { name: "search", query: 'in:#ops "disk full"' });
  assertEquals(call("/devices"), { name: "devices", revoke: undefined });
  assertEquals(call("/devices REVOKE 1234"), { name: "devices", revoke: 1_234 });
  assertEquals(call("/register"), { name: "register", code: undefined });
  assertEquals(call("/register 0a1b2-c3d4e-f5g6h-j7k8m"), {
    name: "register",
    code: "0a1b2-c3d4e-f5g6h-j7k8m",
  });
});

Deno.test("parseInput never sends an unknown command, and names the nearest", () => {
  assertStringIncludes(problemOf(typed("/wisper bob psst")), "did you mean /whisper?");
  assertStringIncludes(problemOf(typed("/nicks")), "//");
  assertStringIncludes(problemOf(typed("/zzzzzzzz")), "/help");
  problemOf(typed("/"));
  problemOf(typed("/ quit"));
  assertEquals(nearestCommand("quti"), "quit");
});

Deno.test("parseInput says what is missing or too much", () => {
  assertStringIncludes(problemOf(typed("/whisper bob")), "/whisper [--plain] NAME TEXT");
  assertStringIncludes(problemOf(typed("/join")), "/join ROOM");
  assertStringIncludes(problemOf(typed("/join a b")), "/join ROOM");
  assertStringIncludes(problemOf(typed("/quit now")), "/quit");
  assertStringIncludes(problemOf(typed("/search")), "/search QUERY");
  assertStringIncludes(problemOf(typed("/devices revoke")), "/devices [revoke N]");
  assertStringIncludes(problemOf(typed("/devices 2")), "Expected revoke, not 2");
  for (const wrong of ["0", "x", "2 3"]) problemOf(typed(`/devices revoke ${wrong}`));
  for (const wrong of ["0", "-1", "x", "201", "1.5"]) problemOf(typed(`/history ${wrong}`));
});

Deno.test("parseInput sends nothing that may be a password, and asks for the line to be forgotten", () => {
  for (
    const line of ["/passwd old new", "/register hunter2", "/register hunter22hunter22hunt!", "/unregister x"]
  ) {
    const input = typed(line);
    assert(input.kind === "problem" && input.secret === true, line);
    assertStringIncludes(input.message, "never typed here");
    assert(!/hunter|old/.test(input.message));
  }
  const near = typed("/devices forget 2");
  assert(near.kind === "problem" && near.secret === undefined);
});

Deno.test("the table of commands has no two rows of one name, and examples that parse", () => {
  const names = COMMANDS.flatMap(({ name, aliases }) => [name, ...aliases]);
  assertEquals(new Set(names).size, names.length);
  for (const { name, usage, example, summary } of COMMANDS) {
    assert(usage.startsWith(`/${name}`) && summary.length > 0);
    const input = piped(example);
    assert(input.kind === "command" && input.call.name === name, example);
    assertEquals(findCommand(name).length, 1);
  }
});

const seed = 20_260_214;
Deno.test(`parseInput has an answer to any line and lets no single slash through (seed ${seed})`, () => {
  const lines = fc.oneof(fc.string({ unit: "binary" }), fc.string().map((text) => `/${text}`));
  fc.assert(
    fc.property(lines, fc.boolean(), (line, interactive) => {
      const input = parseInput(line, { interactive });
      if (line.startsWith("/") && !line.startsWith("//")) assert(input.kind !== "say");
      else assert(input.kind !== "command");
    }),
    { seed, numRuns: 5_000 },
  );
});
