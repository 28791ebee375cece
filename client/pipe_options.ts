import type { Search } from "./chat_client.ts";
import type { PasswordSource } from "./password_source.ts";
import type { PipeFilesOptions } from "./pipe_files.ts";

/** How the pipe behaves. */
export interface PipeOptions extends PipeFilesOptions {
  /** The room to talk in, and to print. */
  readonly room: string;
  /** For whom the input is, where it is not for the room: `"#room"` or `"@name"`. */
  readonly to?: string | undefined;
  readonly json: boolean;
  /** Go on after the end of the input. */
  readonly follow: boolean;
  /** How long to wait for outcomes after the end of the input. */
  readonly timeoutMs: number | undefined;
  /** Instead of all that: look for this. */
  readonly find?: Search | undefined;
  /** Make the name an account, if nobody has it. */
  readonly register?: boolean;
  /** Where a password comes from. */
  readonly source?: PasswordSource;
}

/** What the pipe is connected to. */
export interface PipeEnds {
  readonly input: AsyncIterable<Uint8Array>;
  /** Writes data; rejects when nobody reads any more. */
  readonly print: (text: string) => Promise<void>;
  /** Writes one notice for the person. */
  readonly tell: (notice: string) => void;
  /** Resolves with the exit code of a signal. */
  readonly interrupted: Promise<number>;
}
