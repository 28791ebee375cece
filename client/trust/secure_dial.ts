import { wordsOf } from "../../cli/words.ts";
import { Refused } from "../refused.ts";
import { overSocket, reach, type Transport, Unreachable } from "../transport.ts";
import type { KnownServer } from "./known_server.ts";
import { look, OWN_NAME, type Shown } from "./look.ts";

const WORDS = 6;
/** Addresses of this very machine: nobody stands between. */
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1)$/i;

/** How a server is to be spoken to. */
export interface DialOptions {
  readonly host: string;
  readonly port: number;
  /** Without TLS, on purpose. */
  readonly plain: boolean;
  /** The SHA-256 of the certificate, in hex, where the address says it. */
  readonly fingerprint: string | undefined;
  /** A certificate that is another than before is accepted, once. */
  readonly accept: boolean;
  readonly server: KnownServer;
}

/** Opens links to one server, and makes sure that it is the same each time. */
export class SecureDial {
  readonly #options: DialOptions;
  #accept: boolean;
  /** This machine's server was seen not to speak TLS. */
  #plain = false;

  constructor(options: DialOptions) {
    this.#options = options;
    this.#accept = options.accept;
  }

  /** Rejects with `Unreachable`, or with `Refused`, `server_changed` or `tls`, where it must not be spoken to. */
  async dial(tell: (notice: string) => void): Promise<Transport> {
    const { host, port, plain, server } = this.#options;
    if (plain && server.known !== undefined) {
      throw new Refused("tls", `${host}:${port} spoke TLS before: --plain is for servers that never did`);
    }
    if (plain || this.#plain) return overSocket(await reach(host, port));
    const known = server.known;
    if (known === undefined || this.#accept || !this.#fits(known.cert)) return await this.#meet(tell);
    try {
      return overSocket(await this.#secured(known.cert));
    } catch (error) {
      if (error instanceof Unreachable) throw error;
      throw await this.#changed(error);
    }
  }

  /** The first time, or when another certificate is to be accepted. */
  async #meet(tell: (notice: string) => void): Promise<Transport> {
    const { host, port, server, fingerprint } = this.#options;
    const shown = await this.#look();
    if (shown === undefined) return await this.#withoutTls();
    const { digest, pem } = shown;
    if (fingerprint !== undefined && digest.toHex() !== fingerprint) {
      throw new Refused(
        "server_changed",
        `${host}:${port} is not the server of this address: it shows ${digest.toHex()}, the address says ${fingerprint}`,
      );
    }
    const vouched = shown.own ? undefined : await this.#secured(undefined).catch(() => undefined);
    const socket = vouched ?? await this.#secured(pem).catch((error) => {
      throw new Refused("tls", `${host}:${port} shows a certificate that is not its own (${reason(error)})`);
    });
    await server.trust(vouched ? {} : { cert: pem });
    this.#accept = false;
    if (!vouched && fingerprint === undefined) {
      tell(
        `first time at ${host}:${port}: whoever runs it sees these words at its start: ${
          wordsOf(digest, WORDS).join(" ")
        }`,
      );
    }
    return overSocket(socket);
  }

  async #look(): Promise<Shown | undefined> {
    const { host, port } = this.#options;
    try {
      return await look(host, port);
    } catch {
      const socket = await reach(host, port); // says why it cannot be reached
      socket.close();
      return undefined;
    }
  }

  async #withoutTls(): Promise<Transport> {
    const { host, port, server, fingerprint } = this.#options;
    if (LOOPBACK.test(host) && server.known === undefined && fingerprint === undefined) {
      const transport = overSocket(await reach(host, port));
      this.#plain = true;
      return transport;
    }
    throw new Refused(
      "tls",
      `${host}:${port} does not speak TLS: nothing was sent. If that is meant to be so, --plain does without`,
    );
  }

  /** A handshake in which the server proves that it has the key. */
  async #secured(cert: string | undefined): Promise<Deno.TlsConn> {
    const { host, port } = this.#options;
    const raw = await reach(host, port);
    raw.setNoDelay(true);
    const own = cert !== undefined && isOwn(cert);
    try {
      const socket = await Deno.startTls(raw, {
        hostname: own ? OWN_NAME : host,
        ...cert === undefined ? {} : { caCerts: [cert] },
      });
      await socket.handshake();
      return socket;
    } catch (error) {
      try {
        raw.close();
      } catch { /* it went with the handshake */ }
      throw error;
    }
  }

  #fits(cert: string | undefined): boolean {
    return this.#options.fingerprint === undefined || cert !== undefined;
  }

  /** Why a server that is known was not spoken to. */
  async #changed(error: unknown): Promise<Error> {
    const { host, port } = this.#options;
    const why = reason(error);
    if (/InvalidContentType|corrupt message/i.test(why)) {
      return new Refused(
        "server_changed",
        `${host}:${port} spoke TLS before, and does not now: nothing was sent. Somebody may stand between`,
      );
    }
    const shown = /certificate/i.test(why) ? await look(host, port).catch(() => undefined) : undefined;
    if (shown === undefined) {
      return new Unreachable(`Cannot reach ${host}:${port}: TLS was broken off (${why})`);
    }
    return new Refused(
      "server_changed",
      `${host}:${port} shows another certificate than before (${reason(error)}): nothing was sent. ` +
        `It shows ${shown.digest.toHex()}, in words: ${wordsOf(shown.digest, WORDS).join(" ")}. ` +
        `Ask whoever runs it; if that is right, connect once with --accept-new-key`,
    );
  }
}

/** Whether a server has made this for itself. */
function isOwn(pem: string): boolean {
  return atob(pem.replace(/-----[^-]+-----|\s/g, "")).includes(OWN_NAME);
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
