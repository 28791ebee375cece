import type { Event } from "../../protocol/schema.ts";
import { QUICK, startLogin, startRegistration } from "./opaque_client.ts";
import type { Of, Wire } from "./wire.ts";

/** A refusal, or what was wanted. */
type OrError<T extends Event["type"]> = Of<T> | Of<"error">;

/** What answers a request: of that type, or an error. What comes between is skipped. */
export async function asked<T extends Event["type"]>(
  wire: Wire,
  request: { readonly type: string; readonly [field: string]: unknown },
  type: T,
): Promise<OrError<T>> {
  const ref = crypto.randomUUID();
  await wire.send({ ...request, ref });
  for (let event; (event = await wire.next());) {
    if ((event.type === type || event.type === "error") && "ref" in event && event.ref === ref) {
      return event as OrError<T>;
    }
  }
  throw new Error(`The connection ended before ${request.type} was answered`);
}

/** Registers a name with a password over a wire, signed in as a guest of that name or not at all. */
export async function registered(
  wire: Wire,
  name: string,
  password: string,
  more: { readonly claim?: string; readonly device?: string; readonly proof?: string } = {},
): Promise<OrError<"enrolled">> {
  const { request, finish } = startRegistration(password);
  const answer = await asked(wire, { type: "register", name, request }, "register");
  if (answer.type === "error") return answer;
  const record = finish(answer.response);
  return await asked(wire, { type: "enrol", name, record, stretching: QUICK, ...more }, "enrolled");
}

/** Begins a sign-in; the proof is missing where the password is wrong. */
export async function begun(
  wire: Wire,
  name: string,
  password: string,
): Promise<{ readonly answer: OrError<"login">; readonly proof: string | undefined }> {
  const { request, finish } = startLogin(password);
  const answer = await asked(wire, { type: "login", name, request }, "login");
  return { answer, proof: answer.type === "login" ? finish(answer.response) : undefined };
}

/** Says hello with a password; a wrong one is told by a proof of nothing. */
export async function helloWith(
  wire: Wire,
  name: string,
  password: string,
  more: object = {},
): Promise<OrError<"welcome">> {
  const { answer, proof = "A".repeat(86) } = await begun(wire, name, password);
  if (answer.type === "error") return answer;
  return await asked(wire, { type: "hello", protocol: 1, name, proof, ...more }, "welcome");
}
