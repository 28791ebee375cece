/** What no system we run on takes in a name, what directs or hides, and what only looks like a separator. */
const BAD = /[\p{C}\p{Zl}\p{Zp}\p{DI}<>:"/\\|?*%\u2044\u2215\u29f5\u29f8\u29f9\ufe68\uff0f\uff3c]/gu;
/** Names that are devices on Windows, whatever stands behind a dot. */
const DEVICE = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?=\.|$)/i;
/** Of a name, in bytes of UTF-8: there has to be room for ` (2)` and `.part`. */
const MOST_BYTES = 200;
const LONGEST_EXTENSION = 16;
const NAMELESS = "file";

/**
 * The name under which a file from somebody else is saved: in one folder, hidden from nobody, started by nothing, and
 * for what it is. Idempotent.
 */
export function safeName(raw: string): string {
  const visible = raw.toWellFormed().normalize("NFC").replace(BAD, "_").trim();
  const shown = visible.replace(/^[.\-~\s]+/, "").replace(/[.\s]+$/, "");
  const name = DEVICE.test(shown) ? `_${shown}` : shown;
  return /[\p{L}\p{N}]/u.test(name) ? cut(name) : NAMELESS;
}

/** The name that is tried when this one is taken: `a (2).txt`, `a (3).txt` … */
export function nextName(name: string, count: number): string {
  const { stem, extension } = parts(name);
  return `${stem} (${count})${extension}`;
}

function cut(name: string): string {
  const { stem, extension } = parts(name);
  let points = [...stem];
  while (bytesOf(points.join("") + extension) > MOST_BYTES) points = points.slice(0, -1);
  return points.join("").trimEnd() + extension;
}

function parts(name: string): { readonly stem: string; readonly extension: string } {
  const at = name.lastIndexOf(".");
  const extension = at > 0 && name.length - at <= LONGEST_EXTENSION ? name.slice(at) : "";
  return { stem: name.slice(0, name.length - extension.length), extension };
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}
