import type { DeviceView } from "../../protocol/schema.ts";
import { Refused } from "../refused.ts";
import { preparePassword } from "../pake/password.ts";
import { sanitise } from "../sanitise.ts";
import { cellsOf, cut } from "./cells.ts";
import type { ErrandLine } from "./errand_line.ts";
import type { Chat, Talk } from "./front.ts";
import { clock, day } from "./line_format.ts";
import type { Narrator } from "./narrator.ts";
import type { Dialogue, Secrets } from "./secrets.ts";

/** Cells that a device's label may take in the table. */
const MAX_LABEL = 24;

interface Staff {
  readonly chat: Chat;
  readonly talk: Talk;
  readonly narrator: Narrator;
  readonly secrets: Secrets;
  readonly line: ErrandLine;
}

/** `/register`, `/passwd`, `/unregister` and `/devices`: what one does with one's account. */
export class AccountErrands {
  readonly #staff: Staff;

  constructor(staff: Staff) {
    this.#staff = staff;
  }

  /** Makes the name an account; `code` proves that this is the server's owner. */
  register(code: string | undefined): void {
    const { chat, talk, narrator, secrets } = this.#staff;
    if (talk.account !== undefined) {
      return narrator.complain(`${chat.name} has an account already: /passwd changes its password`);
    }
    narrator.tell(`choose a password: then ${chat.name} needs it, and nobody else can use the name`);
    secrets.ask(this.#register(code));
  }

  /** The same with a password that nobody types. */
  registerWith(take: () => Promise<string | undefined>, code?: string): void {
    const { chat, talk, narrator, line } = this.#staff;
    line.add(async () => {
      const password = await take();
      if (password === undefined) return;
      const role = await chat.register(password, code === undefined ? {} : { claim: code });
      talk.account = role;
      narrator.tell(`${chat.name} is your account now${role === "owner" ? ", and the server's owner" : ""}`);
    });
  }

  passwd(): void {
    if (this.#needsAccount()) this.#staff.secrets.ask(this.#passwd());
  }

  unregister(): void {
    const { chat, narrator, secrets } = this.#staff;
    if (!this.#needsAccount()) return;
    narrator.tell(
      `this gives up the account ${chat.name}: its devices, its rooms and what waits for it are gone`,
    );
    narrator.tell("what was said stays where it was said; nobody can take the name for 90 days");
    narrator.tell("type the password to go on, Ctrl-C keeps the account");
    secrets.ask(this.#unregister());
  }

  /** Lists the devices, or signs one out for good. */
  devices(revoke: number | undefined): void {
    const { chat, narrator, line } = this.#staff;
    if (!this.#needsAccount()) return;
    line.add(async () => {
      if (revoke !== undefined) {
        await chat.revoke(revoke);
        return narrator.tell(`device ${revoke} is signed out, and needs the password to come back`);
      }
      for (const row of table(await chat.devices())) narrator.tell(row);
      narrator.tell("/devices revoke N signs one out");
    });
  }

  /** Asks for a new password, twice; `undefined` when given up. `empty`: an empty one at first is an answer, too. */
  *choose({ empty = false } = {}): Dialogue<string | undefined> {
    const { narrator } = this.#staff;
    while (true) {
      const password = yield "new password: ";
      if (password === undefined || (empty && password === "")) return password;
      const wrong = judge(password);
      if (wrong !== undefined) {
        narrator.complain(wrong);
        continue;
      }
      const again = yield "the same again: ";
      if (again === undefined) return undefined;
      if (again === password) return password;
      narrator.complain("the two differ: once more");
    }
  }

  *#register(code: string | undefined): Dialogue {
    const password = yield* this.choose();
    if (password === undefined) return this.#unchanged();
    this.registerWith(() => Promise.resolve(password), code);
  }

  *#passwd(): Dialogue {
    const { chat, narrator, line } = this.#staff;
    const old = yield "the password until now: ";
    if (old === undefined) return this.#unchanged();
    const password = yield* this.choose();
    if (password === undefined) return this.#unchanged();
    line.add(async () => {
      await chat.changePassword(old, password);
      narrator.tell("the password is changed; your other devices are signed out");
    });
  }

  *#unregister(): Dialogue {
    const { chat, talk, narrator, line } = this.#staff;
    const password = yield "password: ";
    if (password === undefined || password === "") return this.#unchanged();
    line.add(async () => {
      await chat.unregister(password);
      talk.account = undefined;
      narrator.tell(`the account ${chat.name} is gone`);
    });
  }

  #needsAccount(): boolean {
    const { chat, talk, narrator } = this.#staff;
    if (talk.account === undefined) narrator.complain(`${chat.name} has no account: /register makes one`);
    return talk.account !== undefined;
  }

  #unchanged(): void {
    this.#staff.narrator.tell("nothing is changed");
  }
}

/** What is wrong with a new password. */
function judge(password: string): string | undefined {
  try {
    preparePassword(password, { fresh: true });
    return undefined;
  } catch (error) {
    if (error instanceof Refused) return error.message;
    throw error;
  }
}

function table(devices: readonly DeviceView[]): string[] {
  const rows = devices.map(({ device, label, created, seen, here, current }) => [
    String(device),
    cut(sanitise(label, { lines: "escape" }), MAX_LABEL),
    stamp(created),
    stamp(seen),
    current ? "this one" : here ? "connected" : "",
  ]);
  const all = [["#", "device", "first seen", "last seen", ""], ...rows];
  const widths = all[0]!.map((_, at) => Math.max(...all.map((row) => cellsOf(row[at]!))));
  return all.map((row) =>
    row.map((cell, at) =>
      at === 0 ? cell.padStart(widths[0]!) : cell + " ".repeat(widths[at]! - cellsOf(cell))
    )
      .join("  ").trimEnd()
  );
}

function stamp(time: string): string {
  const at = new Date(time);
  return `${day(at)} ${clock(at)}`;
}
