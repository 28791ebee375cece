/** The server (or the client on its behalf) said no: callers switch on `code`, people read `message`. */
export class Refused extends Error {
  override readonly name = "Refused";

  constructor(readonly code: string, message: string) {
    super(message);
  }
}
