/** A name that is to be taken for another: as it was sent, as it is shown, and what it is. */
export interface Spoof {
  readonly raw: string;
  readonly shown: string;
  readonly kind: string;
}

const CUT = "a picture of all of us at the beach, quite large, taken by pa";

/** Names that would reorder, move, retitle, hide or push out of sight, if they could. */
export const SPOOFS: readonly Spoof[] = [
  { raw: "cv\u202Egpj.exe", shown: "cv_gpj.exe", kind: "exe" },
  { raw: "cv\u2067gpj\u2069.exe", shown: "cv_gpj_.exe", kind: "exe" },
  { raw: "\u200Fcv.gpj\u200E.exe", shown: "_cv.gpj_.exe [.exe]", kind: "exe" },
  { raw: "\u05d0\u05d1\u202Dgpj.scr", shown: "\u05d0\u05d1_gpj.scr", kind: "scr" },
  { raw: "\x1b]0;owned\x07x.png.sh", shown: "_]0;owned_x.png.sh [.sh]", kind: "sh" },
  { raw: "\x1b[2J\x1b[31mred\x9b0m.txt.js", shown: "_[2J_[31mred_0m.txt.js [.js]", kind: "js" },
  { raw: "a.pdf\r\n-- root offers b.exe", shown: "a.pdf__-- root offers b.exe [.exe]", kind: "exe" },
  { raw: "a\u200b.jpg\u00ad.com", shown: "a_.jpg_.com [.com]", kind: "com" },
  { raw: `photo.jpg${" ".repeat(100)}.exe`, shown: "photo.jpg.exe [.exe]", kind: "exe" },
  { raw: `${CUT} and ma, with her new camera.jpg.exe`, shown: `${CUT}... [.exe]`, kind: "exe" },
  {
    raw: `A${CUT} and ma, with her new camera-jpg.exe`,
    shown: `A${CUT.slice(0, -1)}... [.exe]`,
    kind: "exe",
  },
];

/** What no line may have in it that is shown: it directs, or hides. */
export const DIRECTING = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{DI}]/u;

/** A message in the lobby that offers a file of this name. */
export function offerOf({ raw }: Spoof, number: number): object {
  const file = { file: "A".repeat(22), name: raw, size: 1, key: "A".repeat(43), hash: "0".repeat(64) };
  const id = `o${number}`;
  return {
    type: "message",
    room: "lobby",
    id,
    text: `number ${number}`,
    file: { ...file, file: `${id}${file.file}`.slice(0, 22) },
  };
}
