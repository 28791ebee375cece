/** Below the ports that a system gives to whoever connects: else a client may, by chance, connect to itself while nobody listens. */
const [FIRST, LAST] = [20_000, 30_000];

/** A port on which nobody listens, to be listened on again and again. */
export function freePort(): number {
  while (true) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST));
    try {
      Deno.listen({ hostname: "127.0.0.1", port }).close();
      return port;
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    }
  }
}
