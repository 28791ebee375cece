/** What happened, for whoever runs the server: one line on standard error, never with anything a user wrote. */
export type Log = (event: string, details?: Readonly<Record<string, string | number | boolean>>) => void;

const encoder = new TextEncoder();

/** JSON lines for machines, short text for a person at a terminal. */
export function openLog({ terminal }: { readonly terminal: boolean }): Log {
  return (event, details = {}) => {
    const time = new Date().toISOString();
    const fields = Object.entries(details).map(([key, value]) => ` ${key}=${value}`).join("");
    const line = terminal
      ? `${time.slice(11, 19)} ${event}${fields}`
      : JSON.stringify({ time, event, ...details });
    try {
      Deno.stderr.writeSync(encoder.encode(line + "\n"));
    } catch {
      // nobody listens, or the disk is full: delivery never waits for a log
    }
  };
}
