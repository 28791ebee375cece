import type { Program } from "./program.ts";

/** A line of `--json` that says how a file is. */
export interface TransferLine {
  readonly type: string;
  readonly name: string;
  readonly state?: string;
  readonly done?: number;
  readonly path?: string;
  readonly message?: string;
}

/** Reads lines until one that is about a file fits; rejects when the program ends first. */
export async function untilTransfer(
  program: Program,
  fits: (line: TransferLine) => boolean,
): Promise<TransferLine> {
  while (true) {
    const line: TransferLine = JSON.parse(await program.line());
    if (line.type === "transfer" && fits(line)) return line;
  }
}
