import { client, ready } from "@serenity-kit/opaque";
import type { Stretching } from "../../protocol/schema.ts";

await ready;

/** As little as the library takes: a test waits for nothing that is not its subject. */
export const QUICK: Stretching = { iterations: 1, memory: 8, parallelism: 1 };

/** The client's half of a sign-in: `finish` returns the proof, or nothing where the password is wrong. */
export function startLogin(
  password: string,
): { readonly request: string; finish(response: string, stretching?: Stretching): string | undefined } {
  const { clientLoginState, startLoginRequest } = client.startLogin({ password });
  return {
    request: startLoginRequest,
    finish(loginResponse, stretching = QUICK) {
      const keyStretching = { "argon2id-custom": stretching };
      return client.finishLogin({ password, clientLoginState, loginResponse, keyStretching })
        ?.finishLoginRequest;
    },
  };
}

/** The client's half of choosing a password: `finish` returns the record. */
export function startRegistration(
  password: string,
): { readonly request: string; finish(response: string): string } {
  const { clientRegistrationState, registrationRequest } = client.startRegistration({ password });
  return {
    request: registrationRequest,
    finish(registrationResponse) {
      const keyStretching = { "argon2id-custom": QUICK };
      return client.finishRegistration({
        password,
        clientRegistrationState,
        registrationResponse,
        keyStretching,
      }).registrationRecord;
    },
  };
}
