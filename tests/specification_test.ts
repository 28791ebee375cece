import { assert, assertEquals } from "@std/assert";
import { decodeEvent, decodeRequest } from "../protocol/codec.ts";
import { FrameReader } from "../protocol/frames.ts";
import { events, requests } from "../protocol/schema.ts";
import { DEFAULT_LIMITS, shown } from "../server/limits.ts";

const here = new URL("./", import.meta.url);
const text = await Deno.readTextFile(new URL("../protocol/README.md", here));

/** The rows of the table below a rule, cell by cell. */
function table(rule: string): string[][] {
  const after = text.slice(text.indexOf(`**${rule}**`));
  const rows = after.slice(after.indexOf("\n| ---"), after.indexOf("\n\n", after.indexOf("\n| ---"))).trim()
    .split("\n");
  return rows.slice(1).map((row) => row.split("|").slice(1, -1).map((cell) => cell.trim()));
}

Deno.test("[E2] the specification lists every error code there is, and no other", async () => {
  const source = await Deno.readTextFile(new URL("../protocol/errors.ts", here));
  const codes = Array.from(source.matchAll(/^ {2}\| "(\w+)"/gm), ([, code]) => code!);
  assert(codes.length > 30);
  const rows = table("E2");
  assertEquals(rows.map(([code]) => code!.replaceAll("`", "")), codes);
  for (const [code, fatal] of rows) assert(["yes", "no", "both"].includes(fatal!), code);
});

Deno.test("[T8] the specification lists the limits of welcome as they are", () => {
  const listed = table("T8").map(([key, usual]) => [key!.replaceAll("`", ""), Number(usual)]);
  assertEquals(Object.fromEntries(listed), shown(DEFAULT_LIMITS));
});

Deno.test("[W1] every type of message is in the specification, with every field a request may have", () => {
  for (const type of [...Object.keys(requests), ...Object.keys(events)]) {
    assert(text.includes(`\`${type}\``), type);
  }
  for (const [type, { entries }] of Object.entries(requests)) {
    for (const field of Object.keys(entries)) {
      assert(new RegExp(`["\`]${field}["\`]`).test(text), `${type}.${field}`);
    }
  }
});

Deno.test("every rule that a test or a vector names is in the specification", async () => {
  const named = new Map<string, string>();
  for await (const { name } of Deno.readDir(here)) {
    if (!name.endsWith("_test.ts")) continue;
    const source = await Deno.readTextFile(new URL(name, here));
    for (const [title] of source.matchAll(/Deno\.test\(\s*["'`](?:\[[A-Z]\d+\] ?)+/g)) {
      for (const [, rule] of title.matchAll(/\[([EFHJLMNPQRTW]\d)\]/g)) named.set(rule!, name);
    }
  }
  assert(named.size > 20);
  assertEquals([...named].filter(([rule]) => !text.includes(`**${rule}**`)), []);
});

Deno.test("[F1] the worked example is what it says", () => {
  const block = text.slice(text.indexOf("```\n→") + 4, text.lastIndexOf("```"));
  const exchanges = block.split("\n\n").map((part) => part.trim().split("\n"));
  assert(exchanges.length >= 5);
  for (const lines of exchanges) {
    const json = lines.pop()!.trim();
    const hex = lines.join("").replace(/[^0-9a-f]/g, "");
    const decode = lines[0]!.startsWith("→") ? decodeRequest : decodeEvent;
    const [frame] = new FrameReader({ welcomed: true }).push(Uint8Array.fromHex(hex));
    assert(frame !== undefined, json);
    assertEquals(new TextDecoder().decode(frame.payload), json);
    assertEquals(decode(frame.payload), JSON.parse(json));
  }
});
