/** The command line cannot be understood: exit code 2. `hint` says what to do instead. */
export class UsageError extends Error {
  override readonly name = "UsageError";

  constructor(message: string, readonly hint?: string) {
    super(message);
  }
}

/** The lines to print for a {@linkcode UsageError}; `command` is what the user called: `"chat connect"`. */
export function explain(error: UsageError, command: string): string {
  const hint = error.hint === undefined ? "" : `\n${error.hint}`;
  return `${command}: ${error.message}${hint}\nTry: ${command} --help\n`;
}
