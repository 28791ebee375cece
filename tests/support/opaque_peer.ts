import { ready, server } from "@serenity-kit/opaque";
import type { Stretching } from "../../protocol/schema.ts";
import type { FakePeer } from "./fake_server.ts";

/** Quick, for tests only. */
export const QUICK: Stretching = { iterations: 1, memory: 8, parallelism: 1 };

/** The server's side of OPAQUE, with one account at the most for each name. */
export class OpaquePeer {
  readonly #setup: string;
  readonly #records = new Map<string, { readonly record: string; readonly stretching: Stretching }>();

  private constructor(setup: string) {
    this.#setup = setup;
  }

  static async make(): Promise<OpaquePeer> {
    await ready;
    return new OpaquePeer(server.createSetup());
  }

  get key(): string {
    return server.getPublicKey(this.#setup);
  }

  keep(name: string, record: string, stretching: Stretching): void {
    this.#records.set(name, { record, stretching });
  }

  /** Answers `register`. */
  registration(name: string, registrationRequest: string): string {
    const { registrationResponse } = server.createRegistrationResponse({
      serverSetup: this.#setup,
      userIdentifier: name,
      registrationRequest,
    });
    return registrationResponse;
  }

  /** Answers `login`; `right` says of a proof whether it is one. */
  login(name: string, startLoginRequest: string): {
    readonly response: string;
    readonly stretching: Stretching;
    readonly right: (proof: string) => boolean;
  } {
    const known = this.#records.get(name);
    const { loginResponse, serverLoginState } = server.startLogin({
      serverSetup: this.#setup,
      userIdentifier: name,
      registrationRecord: known?.record ?? null,
      startLoginRequest,
    });
    return {
      response: loginResponse,
      stretching: known?.stretching ?? QUICK,
      right: (finishLoginRequest) => {
        try {
          server.finishLogin({ serverLoginState, finishLoginRequest });
          return true;
        } catch {
          return false;
        }
      },
    };
  }

  /** Takes a `login` and answers it; resolves with the judge of its proof. */
  async answerLogin(peer: FakePeer): Promise<(proof: string) => boolean> {
    const { name, request, ref } = await peer.next("login");
    const { response, stretching, right } = this.login(name, request);
    await peer.send({ type: "login", response, stretching, ref });
    return right;
  }
}
