import { MAX_ID, PROTOCOL } from "../protocol/limits.ts";
import type { Hello } from "../protocol/schema.ts";
import { checked } from "./checked.ts";
import type { Role } from "./client_event.ts";
import type { Remembered } from "./memory/memory.ts";

const INSTANCE_BYTES = 16;

/** Who this client is to its server, and what it may show for it. */
export class Identity {
  /** As asked for, and once signed in as the server wrote it. */
  name: string;
  session: string | undefined;
  /** Of the server whose logs this client knows. */
  log: string | undefined;
  /** What one is on this server: nothing for a guest, and before the first `welcome`. */
  account: Role | undefined;
  /** Whether this name was an account's here, whatever the server says of it now. */
  owned = false;
  /** What the server takes, by its own words. */
  limits: Readonly<Record<string, number>> = {};
  /** The server's key at the last sign-in with a password. */
  serverKey: string | undefined;
  /** What the owner of the account is shown of this device. */
  readonly device: string | undefined;
  readonly #client: string;
  /** Tells programs that share a device apart. */
  readonly #instance = crypto.getRandomValues(new Uint8Array(INSTANCE_BYTES)).toHex();

  constructor(
    name: string,
    { version, device, remembered }: {
      readonly version: string;
      readonly device: string | undefined;
      readonly remembered: Remembered | undefined;
    },
  ) {
    this.name = name;
    this.#client = `chat/${version}`;
    this.device = device?.slice(0, MAX_ID).toWellFormed();
    this.become(name, remembered);
  }

  /** Somebody else from now on, who has perhaps been here before. */
  become(name: string, remembered: Remembered | undefined): void {
    this.name = name;
    this.account = undefined;
    this.owned = remembered?.account === true || remembered?.serverKey !== undefined;
    this.session = remembered?.session;
    this.log ??= remembered?.log;
    this.serverKey = remembered?.serverKey;
  }

  /** The hello to say, without what it resumes; throws `Refused` where it cannot even be sent. */
  hello(proof?: string): Hello {
    const { name, session, log, device } = this;
    return checked({
      type: "hello",
      protocol: PROTOCOL,
      name,
      client: this.#client,
      instance: this.#instance,
      ...proof !== undefined ? { proof, device } : session === undefined ? {} : { session },
      ...log === undefined ? {} : { log },
    });
  }
}
