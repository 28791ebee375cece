/** A key of 16 bytes in base64, as RFC 6455 has it. */
const KEY = /^[A-Za-z0-9+/]{21}[AQgw]==$/;

/** The subprotocols that a WebSocket asks for, in order. */
export function offered(headers: Headers): readonly string[] {
  return list(headers.get("sec-websocket-protocol"), ",");
}

/** The value of a cookie; nothing where it is missing, or there twice. */
export function valueOf(headers: Headers, cookie: string): string | undefined {
  const found = list(headers.get("cookie"), ";").filter((each) => each.startsWith(`${cookie}=`));
  return found.length === 1 ? found[0]!.slice(cookie.length + 1) : undefined;
}

/** Whether this is a handshake: the runtime answers some that are none. */
export function acceptable(headers: Headers): boolean {
  const upgrades = list(headers.get("connection")?.toLowerCase() ?? null, ",").includes("upgrade");
  return upgrades && headers.get("upgrade")?.toLowerCase() === "websocket" &&
    headers.get("sec-websocket-version") === "13" && KEY.test(headers.get("sec-websocket-key") ?? "");
}

function list(value: string | null, separator: string): readonly string[] {
  return (value ?? "").split(separator).map((each) => each.trim());
}
