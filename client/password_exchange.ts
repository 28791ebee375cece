import type { Event, Request, Stretching } from "../protocol/schema.ts";
import type { Pake, Proven, Recorded } from "./pake/pake.ts";
import { Refused } from "./refused.ts";

type Of<T extends { readonly type: string }, K extends T["type"]> = Extract<T, { type: K }>;

/** How passwords are stretched that are chosen now: Argon2id, memory in KiB. */
export const STRETCHING: Stretching = { iterations: 3, memory: 65_536, parallelism: 1 };

/** Asks the server for its half; rejects with {@linkcode Refused} where it gives none. */
export type Ask<K extends "login" | "register"> = (request: Of<Request, K>) => Promise<Of<Event, K>>;

/**
 * Proves to a server that the password is known, without telling it. Rejects with {@linkcode Refused}: `auth` where the
 * password is wrong, `server_key` where this is not the server with the key known from before, who then gets no proof.
 */
export async function prove(
  pake: Pake,
  ask: Ask<"login">,
  { name, password, serverKey }: {
    readonly name: string;
    readonly password: string;
    readonly serverKey: string | undefined;
  },
): Promise<Proven> {
  const begun = await pake.login(password);
  const { response, stretching } = await ask({ type: "login", name, request: begun.request });
  const proven = await begun.finish(response, stretching);
  if (proven === undefined) throw new Refused("auth", "The password is wrong");
  if (serverKey !== undefined && proven.serverKey !== serverKey) {
    throw new Refused(
      "server_key",
      "This server has another key than at the last sign-in: somebody may pose as it, so it was told nothing",
    );
  }
  return proven;
}

/** Turns a password that was chosen into what the server keeps in its place. */
export async function choose(
  pake: Pake,
  ask: Ask<"register">,
  { name, password }: { readonly name: string; readonly password: string },
): Promise<Recorded> {
  const begun = await pake.register(password);
  const { response } = await ask({ type: "register", name, request: begun.request });
  return await begun.finish(response, STRETCHING);
}
