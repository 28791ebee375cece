import type { Transport } from "./transport.ts";

/** Dials until `deadline`; what is reached later is closed again. */
export async function inTime(
  dialled: Promise<Transport>,
  deadline: Promise<void>,
): Promise<Transport | undefined> {
  let late = false;
  dialled.then((transport) => late && transport[Symbol.dispose](), () => {});
  const transport = await Promise.race([dialled, deadline]);
  late = transport === undefined;
  return transport ?? undefined;
}
