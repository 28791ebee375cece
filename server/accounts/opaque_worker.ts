/// <reference lib="deno.worker" />
import { client, ready, server } from "@serenity-kit/opaque";
import type { FromOpaque, Stretched, ToOpaque } from "./opaque_link.ts";

/** Sign-ins that may be under way at once, and how long each may take: beyond that the oldest is forgotten. */
const MOST = 1_024;
const LONGEST_MS = 60_000;
/** How little the passwords are stretched that nobody has to know. */
const QUICK: Stretched = { iterations: 1, memory: 8, parallelism: 1 };

const { RuntimeError } = WebAssembly;
const post: (message: FromOpaque) => void = self.postMessage.bind(self);
const locked = lock();

/** The server's long-lived secret. It is nowhere else while the server runs, but in the store. */
let secret = "";
/** The record that stands for accounts that there are none of: made once, as RFC 9807, 6.3.2.2 recommends. */
let decoy = "";
/** The beginning of some sign-in, to try records on. */
let sample = "";
const logins = new Map<number, { readonly state: string; readonly since: number }>();

self.onmessage = async ({ data }: MessageEvent<ToOpaque>) => {
  await locked; // before the first word is listened to
  if (data.type === "forget") return void logins.delete(data.login);
  post(attempt(data));
};

/** What is taken away is needed to get ready, so it goes after that. */
async function lock(): Promise<void> {
  await ready;
  await import("../session_lockdown.ts");
}

/** Whatever strangers send is an `Error` at the worst. A panic is not survived: what it leaves behind cannot be trusted. */
function attempt(message: Exclude<ToOpaque, { type: "forget" }>): FromOpaque {
  try {
    return handle(message);
  } catch (error) {
    if (error instanceof RuntimeError || !(error instanceof Error)) throw error;
    return { type: "malformed" };
  }
}

function handle(message: Exclude<ToOpaque, { type: "forget" }>): FromOpaque {
  switch (message.type) {
    case "open":
      return { type: "opened", made: open(message.secret) };
    case "login":
      return { type: "login", text: begin(message) };
    case "proof":
      return { type: "proof", outcome: end(message) };
    case "register":
      return { type: "register", text: respond(userOf(message.credential), message.request) };
    case "check":
      start(userOf(""), message.record, sample);
      return { type: "check" };
    case "make":
      return {
        type: "make",
        text: recordOf(userOf(message.credential), message.password, message.stretching),
      };
    default:
      return message satisfies never;
  }
}

/** Returns the secret if it was made here. */
function open(given: string | undefined): string | undefined {
  secret = given ?? server.createSetup();
  server.getPublicKey(secret); // throws when it is none
  const nobodys = crypto.randomUUID() + crypto.randomUUID();
  decoy = recordOf("decoy", nobodys, QUICK);
  sample = client.startLogin({ password: nobodys }).startLoginRequest;
  return given === undefined ? secret : undefined;
}

function begin({ login, name, credential, request }: Extract<ToOpaque, { type: "login" }>): string {
  const now = performance.now();
  for (const [old, { since }] of logins) {
    if (logins.size < MOST && now - since < LONGEST_MS) break;
    logins.delete(old);
  }
  // The key for an identifier comes from the secret and the identifier alone: the same name always gets the same one,
  // and nobody can tell which is an account's.
  const user = credential ? userOf(credential.id) : `nobody ${name}`;
  const { serverLoginState, loginResponse } = start(user, credential?.record ?? decoy, request);
  logins.set(login, { state: serverLoginState, since: now });
  return loginResponse;
}

function end({ login, proof }: Extract<ToOpaque, { type: "proof" }>): "right" | "wrong" | "gone" {
  const begun = logins.get(login);
  logins.delete(login); // one try each
  if (!begun || performance.now() - begun.since >= LONGEST_MS) return "gone";
  try {
    server.finishLogin({ serverLoginState: begun.state, finishLoginRequest: proof });
    return "right";
  } catch (error) {
    if (error instanceof RuntimeError) throw error;
    return "wrong";
  }
}

function start(userIdentifier: string, registrationRecord: string, startLoginRequest: string) {
  return server.startLogin({ serverSetup: secret, userIdentifier, registrationRecord, startLoginRequest });
}

function respond(userIdentifier: string, registrationRequest: string): string {
  return server.createRegistrationResponse({ serverSetup: secret, userIdentifier, registrationRequest })
    .registrationResponse;
}

function recordOf(user: string, password: string, stretching: Stretched): string {
  const { clientRegistrationState, registrationRequest } = client.startRegistration({ password });
  const registrationResponse = respond(user, registrationRequest);
  const keyStretching = { "argon2id-custom": stretching };
  return client.finishRegistration({ password, clientRegistrationState, registrationResponse, keyStretching })
    .registrationRecord;
}

/** What a record is bound to, which is never what stands for a name without an account. */
function userOf(credential: string): string {
  return `account ${credential}`;
}
