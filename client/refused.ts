/** The server (or the client on its behalf) said no: callers switch on `code`, people read `message`. */
export class Refused extends Error {
  override readonly name = "Refused";

  /** `retryMs`: the same may be tried again then. */
  constructor(readonly code: string, message: string, readonly retryMs?: number) {
    super(message);
  }
}

/** Whether a refused hello needs another name. */
export function isAboutName(code: string): boolean {
  return code.startsWith("name_") || code === "schema" || code === "key" || code === "too_long";
}
