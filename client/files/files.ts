import type { Attachment } from "../../protocol/schema.ts";
import type { Draft } from "../client_event.ts";
import type { Entry } from "../entry.ts";
import type { AskOnLink } from "../requests.ts";

/** A file on its way, or offered, as people see it. */
export interface TransferView {
  /** 1, 2, 3 … as `/transfers` lists them. */
  readonly number: number;
  readonly direction: "up" | "down";
  /** `"#room"` or `"@name"`. */
  readonly with: string;
  /** Who offers it; oneself, of what one sends. */
  readonly from: string;
  /** Harmless to show, and to have in a folder. */
  readonly name: string;
  /** In bytes; `done` of them are there, and verified. */
  readonly size: number;
  readonly done: number;
  /** Bytes a second, of late. */
  readonly rate: number;
  /**
   * `offered`: waits to be accepted; `waiting`: for the link, or its turn; `done`: uploaded and offered, or in its place;
   * `fetched`: somebody has what one sent.
   */
  readonly state: "offered" | "waiting" | "running" | "done" | "fetched" | "failed" | "cancelled";
  /** Under which the server has it, once that is known. */
  readonly file: string | undefined;
  /** Where it lies. */
  readonly path: string | undefined;
  /** Why it failed, or waits. */
  readonly message: string | undefined;
}

/** A transfer is not what it was; while it runs, several times a second. */
export interface TransferNews {
  readonly kind: "transfer";
  readonly transfer: TransferView;
}

/** What transfers act upon. */
export interface FilesWorld {
  /** Asks the server over the present link; rejects with `Refused`, `offline` when it is gone. */
  readonly ask: AskOnLink;
  /** Says that a file can be had. */
  readonly offer: (to: string, text: string, file: Attachment) => Draft;
  readonly tell: (news: TransferNews) => void;
  /** The largest file that the server takes, in bytes as they are sent, where it says so. */
  readonly limit: () => number | undefined;
}

/** Files of one person on one server. A `ChatClient` disposes of the ones it was given when it ends. */
export interface Files extends AsyncDisposable {
  /** After each sign-in: goes on with what was under way. */
  online(name: string): void;
  /** The link is gone. */
  offline(): void;
  /** Sends a file; resolves once it is known to be one that can be sent. Rejects with `Refused`. */
  send(to: string, path: string, as?: { readonly name?: string }): Promise<TransferView>;
  /** An entry with a file is shown: it can be accepted from now on. */
  offered(to: string, entry: Entry, mine: boolean): void;
  /** Fetches what is offered: the last one, or the one of that number; into a folder or a new file. Rejects with `Refused`. */
  accept(number?: number, path?: string): Promise<TransferView>;
  /** Gives up one that is under way or offered, or takes back what one has sent. Rejects with `Refused`. */
  cancel(number?: number): Promise<TransferView>;
  list(): readonly TransferView[];
  /** Somebody has a file of one's own. */
  fetched(file: string, user: string | undefined): void;
}
