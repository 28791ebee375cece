/// <reference lib="deno.worker" />
import { client, ready } from "@serenity-kit/opaque";
import type { Stretching } from "../../protocol/schema.ts";
import type { Call, Outcome, Steps } from "./steps.ts";

const steps: Steps = {
  startLogin({ password }) {
    const { clientLoginState, startLoginRequest } = client.startLogin({ password });
    return { state: clientLoginState, request: startLoginRequest };
  },
  finishLogin({ password, state, response, stretching }) {
    const done = client.finishLogin({
      password,
      clientLoginState: state,
      loginResponse: response,
      keyStretching: argon2id(stretching),
    });
    if (done === undefined) return undefined;
    return {
      proof: done.finishLoginRequest,
      exportKey: done.exportKey,
      serverKey: done.serverStaticPublicKey,
    };
  },
  startRegistration({ password }) {
    const { clientRegistrationState, registrationRequest } = client.startRegistration({ password });
    return { state: clientRegistrationState, request: registrationRequest };
  },
  finishRegistration({ password, state, response, stretching }) {
    const done = client.finishRegistration({
      password,
      clientRegistrationState: state,
      registrationResponse: response,
      keyStretching: argon2id(stretching),
    });
    return {
      record: done.registrationRecord,
      exportKey: done.exportKey,
      serverKey: done.serverStaticPublicKey,
    };
  },
};

self.onmessage = async ({ data }: MessageEvent<Call>) => {
  await ready;
  self.postMessage(taken(data));
};

function taken({ id, step, given }: Call): Outcome {
  try {
    const take = steps[step] as (given: Call["given"]) => ReturnType<Steps[keyof Steps]>;
    return { id, value: take(given) };
  } catch (error) {
    return { id, error: error instanceof Error ? error.message : String(error) };
  }
}

function argon2id({ iterations, memory, parallelism }: Stretching) {
  return { "argon2id-custom": { iterations, memory, parallelism } } as const;
}
