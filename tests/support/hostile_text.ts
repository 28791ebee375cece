/** Texts that try to make a terminal do something: more than 500, each well-formed enough to be sent in a message. */
export function hostileTexts(): readonly string[] {
  const texts: string[] = [];
  for (let code = 0x01; code <= 0x9f; code++) {
    if (code < 0x20 || code >= 0x7f) texts.push(String.fromCharCode(code));
  }
  for (const csi of ["\x1b[", "\x9b"]) {
    for (const final of "@ABCDEFGHIJKLMPSTXZ`abcdefghilmnpqrstux{}~") {
      for (const args of ["", "2", "1;1", "?25", ">0"]) texts.push(csi + args + final);
    }
    for (const mode of [5, 7, 25, 47, 1000, 1003, 1006, 1049, 2004]) {
      texts.push(`${csi}?${mode}h`, `${csi}?${mode}l`);
    }
  }
  for (const osc of ["\x1b]", "\x9d"]) {
    for (const end of ["\x07", "\x1b\\", "\x9c", ""]) {
      texts.push(`${osc}0;pwned${end}`, `${osc}2;pwned${end}`, `${osc}8;;http://evil${end}x${osc}8;;${end}`);
      texts.push(
        `${osc}52;c;cHduZWQ=${end}`,
        `${osc}4;1;?${end}`,
        `${osc}777;notify;a;b${end}`,
        `${osc}1337;x${end}`,
      );
    }
  }
  for (const start of ["\x1bP", "\x90", "\x1b_", "\x9f", "\x1b^", "\x9e", "\x1bX", "\x98"]) {
    texts.push(`${start}+q544e\x1b\\`, `${start}q#0~\x9c`, `${start}unfinished`);
  }
  for (const answer of ["\x1b[c", "\x1b[>c", "\x1b[5n", "\x1b[6n", "\x1b[21t", "\x1b[?6n", "\x05", "\x1bZ"]) {
    texts.push(answer);
  }
  for (const set of "()*+-./") texts.push(`\x1b${set}0`, `\x1b${set}B`);
  for (const single of "78=>DEHMNOZcn|}~lm#") texts.push(`\x1b${single}`);
  for (const code of [0x61c, 0x200e, 0x200f, 0x2028, 0x2029, 0xfff9, 0xfffa, 0xfffb]) {
    texts.push(String.fromCharCode(code));
  }
  for (let code = 0x202a; code <= 0x202e; code++) texts.push(String.fromCharCode(code) + "evil");
  for (let code = 0x2066; code <= 0x2069; code++) texts.push(String.fromCharCode(code) + "evil");
  texts.push(
    "\r-- bob left #lobby",
    "\n12:00            root │ fake",
    "\x0b\x0b-- fake",
    "a\b\b\b\bfake",
    "\x0c",
    "\x1b[2K\r!! fake",
  );
  texts.push(
    "e" + "\u0301".repeat(500),
    "\u200b".repeat(500),
    "\ufe0f".repeat(500),
    "x\u{e0041}\u{e007f}",
    "\u0301lone",
  );
  return texts;
}
