import { conversationTyped } from "../conversation.ts";
import type { Transfers } from "../files/transfers.ts";
import { Refused } from "../refused.ts";
import { transferLine } from "../transfer_text.ts";
import type { ErrandLine } from "./errand_line.ts";
import type { Chat } from "./front.ts";
import type { Narrator } from "./narrator.ts";

interface Staff {
  readonly chat: Chat;
  readonly narrator: Narrator;
  readonly line: ErrandLine;
}

/** `/send`, `/accept`, `/cancel` and `/transfers`; how they get on is told by events. */
export class FileErrands {
  readonly #staff: Staff;

  constructor(staff: Staff) {
    this.#staff = staff;
  }

  /** `to`: a room with `#`, or somebody's name. */
  send(to: string, path: string): void {
    const { line } = this.#staff;
    line.add(async () => void await this.#files().send(conversationTyped(to), path));
  }

  accept(number: number | undefined, path: string | undefined): void {
    this.#staff.line.add(async () => void await this.#files().accept(number, path));
  }

  cancel(number: number | undefined): void {
    this.#staff.line.add(async () => void await this.#files().cancel(number));
  }

  list(): void {
    const { narrator, line } = this.#staff;
    line.add(() => {
      const { list } = this.#files();
      if (list.length === 0) narrator.tell("no files were sent or offered yet: /send NAME FILE sends one");
      for (const transfer of list) narrator.tell(transferLine(transfer));
      return Promise.resolve();
    });
  }

  #files(): Transfers {
    const { files } = this.#staff.chat;
    if (files) return files;
    throw new Refused("file", "This program sends no files");
  }
}
