import type { Stretching } from "../../protocol/schema.ts";

/** What a sign-in with a password comes to. */
export interface Proven {
  /** For the server: proves that the password is known, and says nothing else about it. */
  readonly proof: string;
  /** Comes from the password alone, and never reaches the server. */
  readonly exportKey: string;
  /** Whose server this is: the same at every sign-in, or it is another server. */
  readonly serverKey: string;
}

/** What a registration comes to. */
export interface Recorded {
  /** What the server keeps in place of the password. */
  readonly record: string;
  readonly exportKey: string;
  readonly serverKey: string;
}

/** A sign-in under way. */
export interface LoginStart {
  readonly request: string;
  /** Resolves with nothing where the password is wrong; rejects with `Refused` where the answer makes no sense. */
  finish(response: string, stretching: Stretching): Promise<Proven | undefined>;
}

/** A registration under way. */
export interface RegisterStart {
  readonly request: string;
  /** Rejects with `Refused` where the answer makes no sense. */
  finish(response: string, stretching: Stretching): Promise<Recorded>;
}

/**
 * Password-authenticated key exchange (OPAQUE), away from the thread that draws: stretching a password takes a while.
 * Passwords come prepared, see `preparePassword`. A `ChatClient` disposes of the one it was given when it ends.
 */
export interface Pake extends Disposable {
  login(password: string): Promise<LoginStart>;
  register(password: string): Promise<RegisterStart>;
}
