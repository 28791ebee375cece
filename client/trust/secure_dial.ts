import { wordsOf } from "../../cli/words.ts";
import { placeOf } from "../place.ts";
import { Refused } from "../refused.ts";
import { overSocket, reach, type Transport, Unreachable } from "../transport.ts";
import type { KnownServer } from "./known_server.ts";
import { digestOf, isNoTls, look, OWN_NAME, type Shown } from "./look.ts";

const WORDS = 6;
const ASK = "Ask whoever runs it; if that is right, connect once with --accept-new-key";
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
  /** The server, as people write it. */
  readonly #place: string;
  #accept: boolean;
  /** This machine's server was seen not to speak TLS. */
  #plain = false;

  constructor(options: DialOptions) {
    this.#options = options;
    this.#place = placeOf(options.host, options.port);
    this.#accept = options.accept;
  }

  /** Rejects with `Unreachable`, or with `Refused`, `server_changed` or `tls`, where it must not be spoken to. */
  async dial(tell: (notice: string) => void): Promise<Transport> {
    const { host, port, plain, server } = this.#options;
    if (plain && server.known !== undefined) {
      throw new Refused("tls", `${this.#place} spoke TLS before: --plain is for servers that never did`);
    }
    if (plain || this.#plain) return overSocket(await reach(host, port));
    const known = server.known;
    if (known === undefined || this.#accept || !await this.#fits(known.cert)) return await this.#meet(tell);
    try {
      return overSocket(await this.#secured(known.cert));
    } catch (error) {
      if (error instanceof Unreachable) throw error;
      throw await this.#changed(reason(error), known.cert);
    }
  }

  /** The first time, or when another certificate is to be accepted. */
  async #meet(tell: (notice: string) => void): Promise<Transport> {
    const { server, fingerprint } = this.#options;
    const shown = await this.#look();
    if (shown === undefined) return await this.#withoutTls();
    const { digest, pem } = shown;
    if (fingerprint !== undefined && digest.toHex() !== fingerprint) {
      throw new Refused(
        "server_changed",
        `${this.#place} is not the server of this address: it shows ${digest.toHex()}, the address says ${fingerprint}`,
      );
    }
    const vouched = shown.own ? undefined : await this.#secured(undefined).catch(() => undefined);
    const socket = vouched ?? await this.#secured(pem).catch((error) => {
      throw this.#broken(reason(error));
    });
    await server.trust(vouched ? {} : { cert: pem });
    this.#accept = false;
    if (!vouched && fingerprint === undefined) {
      tell(
        `first time at ${this.#place}: whoever runs it sees these words at its start: ${
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
    } catch (error) {
      const socket = await reach(host, port); // says why it cannot be reached
      socket.close();
      throw this.#broken(reason(error));
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
      `${this.#place} does not speak TLS: nothing was sent. If that is meant to be so, --plain does without`,
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

  /** Whether the address means the server that is known. Rejects where it means another one. */
  async #fits(cert: string | undefined): Promise<boolean> {
    const { fingerprint } = this.#options;
    if (fingerprint === undefined) return true;
    if (cert === undefined) return false; // only looking tells
    const before = (await digestOf(derOf(cert))).toHex();
    if (before === fingerprint) return true;
    throw new Refused(
      "server_changed",
      `${this.#place} is known by ${before}, the address says ${fingerprint}: nothing was sent. ${ASK}`,
    );
  }

  /** Why a server that is known was not spoken to. */
  async #changed(why: string, cert: string | undefined): Promise<Error> {
    const { host, port } = this.#options;
    if (isNoTls(why)) {
      return new Refused(
        "server_changed",
        `${this.#place} spoke TLS before, and does not now: nothing was sent. Somebody may stand between`,
      );
    }
    if (!isAboutCertificate(why)) return this.#broken(why);
    const before = cert && (await digestOf(derOf(cert))).toHex();
    const now = await look(host, port).catch(() => undefined); // it may show what it has not the key of
    const shows = now
      ? `It shows ${now.digest.toHex()}, in words: ${wordsOf(now.digest, WORDS).join(" ")}. `
      : "";
    return new Refused(
      "server_changed",
      `${this.#place} cannot prove that it is the server of before (${why}): nothing was sent. ${shows}` +
        `${before ? `Before it was ${before}. ` : ""}${ASK}`,
    );
  }

  /** A handshake has come to nothing: because of the certificate, or on the way. */
  #broken(why: string): Error {
    if (/AccessDenied|access.denied/i.test(why)) {
      return new Unreachable(`${this.#place} is busy, or has heard too much from here: try again later`);
    }
    return isAboutCertificate(why)
      ? new Refused(
        "tls",
        `${this.#place} cannot prove that its certificate is right (${why}): nothing was sent`,
      )
      : new Unreachable(`Cannot reach ${this.#place}: TLS was broken off (${why})`);
  }
}

/** Whether a server has made this for itself. */
function isOwn(pem: string): boolean {
  return new TextDecoder("latin1").decode(derOf(pem)).includes(OWN_NAME);
}

function derOf(pem: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.fromBase64(pem.replace(/-----[^-]+-----/g, ""));
}

function isAboutCertificate(why: string): boolean {
  return /certificate/i.test(why);
}

/** The first sentence of why; lists of what else would have been right help nobody. */
function reason(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/ ?\{.*$/s, "");
}
