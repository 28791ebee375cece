/**
 * Writes `protocol/confusables.json`, the table of look-alike characters of Unicode Technical Standard 39, as the ICU
 * library on this machine knows it:
 *
 *     deno run --allow-ffi --allow-write=protocol tools/confusables.ts [ICU version, 72 by default]
 *
 * A character that decomposes (NFD) is left out: its parts are looked up instead.
 */
const version = Deno.args[0] ?? "72";
const suffix = `_${version}`;

const i18n = Deno.dlopen(
  `libicui18n.so.${version}`,
  {
    ["uspoof_open" + suffix]: { parameters: ["buffer"], result: "pointer" },
    ["uspoof_getSkeleton" + suffix]: {
      parameters: ["pointer", "u32", "buffer", "i32", "buffer", "i32", "buffer"],
      result: "i32",
    },
    ["u_getUnicodeVersion" + suffix]: { parameters: ["buffer"], result: "void" },
  } as const,
);
const call = i18n.symbols as unknown as Record<string, (...args: unknown[]) => unknown>;

const status = new Int32Array(1);
const checker = call["uspoof_open" + suffix]!(status);
const out = new Uint16Array(256);

/** What a text is mapped to, as ICU computes it. */
function prototypeOf(text: string): string {
  const units = Uint16Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));
  status[0] = 0;
  const args = [checker, 0, units, units.length, out, out.length, status];
  const size = Number(call["uspoof_getSkeleton" + suffix]!(...args));
  if (status[0]! > 0) {
    throw new Error(`ICU refused ${JSON.stringify(text)}: status ${status[0]}`);
  }
  return String.fromCharCode(...out.subarray(0, size));
}

const groups = new Map<string, string>();
for (let point = 0; point <= 0x10ffff; point++) {
  if (point >= 0xd800 && point <= 0xdfff) continue;
  const char = String.fromCodePoint(point);
  if (char.normalize("NFD") !== char) continue;
  let prototype = prototypeOf(char);
  // A few prototypes hold characters with a prototype of their own.
  for (let next = prototypeOf(prototype); next !== prototype; next = prototypeOf(next)) prototype = next;
  if (prototype !== char) groups.set(prototype, (groups.get(prototype) ?? "") + char);
}

const unicode = new Uint8Array(4);
call["u_getUnicodeVersion" + suffix]!(unicode);
const lines = [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map((group) => group.join("\t"));
const file = {
  about: "Look-alike characters (UTS 39). A line: what they are mistaken for, a tab, the characters",
  source: "https://www.unicode.org/Public/security/, through ICU; written by tools/confusables.ts",
  unicode: `${unicode[0]}.${unicode[1]}`,
  licence: "Unicode License v3, https://www.unicode.org/license.txt, (c) Unicode, Inc.",
  lines: lines.join("\n"),
};
// Only ASCII: marks, controls and right-to-left letters would make the file unreadable.
const json = JSON.stringify(file, null, 2).replace(
  /[^\n -~]/g,
  (unit) => "\\u" + unit.charCodeAt(0).toString(16).padStart(4, "0"),
);
await Deno.writeTextFile(new URL("../protocol/confusables.json", import.meta.url), json + "\n");
