import { assert, assertEquals } from "@std/assert";
import config from "../deno.json" with { type: "json" };

const declared = await Deno.readTextFile(new URL("../types/std.d.ts", import.meta.url));
const MODULES = Array.from(
  declared.matchAll(/declare module "([^"]+)" \{([\s\S]*?)\n\}/g),
  ([, name, body]) => ({
    name: name!,
    values: Array.from(
      body!.matchAll(/^ {2}export (function|class|const) (\w+)/gm),
      ([, kind, value]) => [value!, kind === "const" ? undefined : "function"] as const,
    ),
  }),
);

Deno.test("every untyped package that is imported by a name is declared, and no other", () => {
  const untyped = Object.entries(config.imports).filter(([, at]) => at.startsWith("npm:deno-std@"));
  assertEquals(MODULES.map(({ name }) => name).sort(), untyped.map(([name]) => name).sort());
});

for (const { name, values } of MODULES) {
  Deno.test(`${name} has what types/std.d.ts declares`, async () => {
    assert(values.length > 0);
    const module: Record<string, unknown> = await import(name);
    for (const [value, kind] of values) {
      assert(value in module, `${name} has no ${value}`);
      if (kind !== undefined) assertEquals(typeof module[value], kind, value);
    }
  });
}
