/** What the exit code of `chat serve` means. The higher ones are those of sysexits.h. */
export const EXIT = {
  done: 0,
  failure: 1,
  usage: 2,
  /** The data are damaged. */
  damaged: 65,
  /** Reading or writing failed. */
  io: 74,
  /** Another server has the data folder. */
  taken: 75,
  /** A newer schema, or a configuration that cannot be had. */
  config: 78,
} as const;

/** Ends the program with a code; the message says why, and what to do. */
export class Exit extends Error {
  override readonly name = "Exit";

  constructor(readonly code: typeof EXIT[keyof typeof EXIT], message: string) {
    super(message);
  }
}
