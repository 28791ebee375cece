import { UsageError } from "../cli/usage_error.ts";

/** Where a server listens unless the address says otherwise. */
export const DEFAULT_PORT = 5555;

export interface Address {
  readonly host: string;
  readonly port: number;
  /** The SHA-256 of the certificate that the server has to show, in lower-case hex. */
  readonly fingerprint?: string;
}

/** Reads `[chat://]HOST[:PORT][#FINGERPRINT]`; an IPv6 address with a port stands in brackets. Throws a {@linkcode UsageError}. */
export function readAddress(given: string): Address {
  const [, whole = "", fingerprint] = /^([^#]*)(?:#(.*))?$/s.exec(given) ?? [];
  if (fingerprint !== undefined && !/^[0-9a-f]{64}$/i.test(fingerprint)) {
    throw new UsageError(
      `What stands behind # in an address is the fingerprint of the server: 64 hexadecimal digits`,
      `The server shows its whole address when it starts`,
    );
  }
  const known = fingerprint === undefined ? {} : { fingerprint: fingerprint.toLowerCase() };
  return { ...readPlace(whole, given), ...known };
}

function readPlace(whole: string, given: string): Address {
  const bare = whole.replace(/^chat:\/\//i, "").replace(/\/$/, "");
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(bare)?.[1];
  if (scheme !== undefined) {
    throw new UsageError(`${scheme}:// is not an address of a chat server`, `For example: chat://localhost`);
  }
  if (bare.includes("@")) {
    const [name, host] = bare.split("@");
    throw new UsageError(`An address has no @`, `Did you mean ${host} --name ${name}?`);
  }
  const parts = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::([^:]*))?$/.exec(bare);
  if (parts === null) {
    if (/^[0-9a-f:.]*:[0-9a-f:.]*:[0-9a-f:.]*$/i.test(bare)) return { host: bare, port: DEFAULT_PORT };
    throw wrong(given);
  }
  const [, ipv6, name, port] = parts;
  const host = ipv6 ?? name ?? "";
  if (host === "") throw wrong(given, port ? `Did you mean localhost:${port}?` : undefined);
  if (/^\d+$/.test(host)) throw wrong(given, `Did you mean localhost:${host}?`);
  if (/[\s/?#%\\]/.test(host)) throw wrong(given);
  return { host, port: port === undefined ? DEFAULT_PORT : readPort(port, given) };
}

function readPort(port: string, given: string): number {
  const number = /^\d{1,5}$/.test(port) ? Number(port) : NaN;
  if (number >= 1 && number <= 65_535) return number;
  throw new UsageError(
    `${JSON.stringify(port)} in ${JSON.stringify(given)} is not a port`,
    `A port is a number from 1 to 65535; without one it is ${DEFAULT_PORT}`,
  );
}

function wrong(given: string, hint?: string): UsageError {
  return new UsageError(
    `${JSON.stringify(given)} is not an address`,
    hint ?? `For example: localhost, chat.example.org:${DEFAULT_PORT} or [::1]:${DEFAULT_PORT}`,
  );
}
