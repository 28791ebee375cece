import { refusalCode } from "./exit_code.ts";
import type { Keys } from "./keys/keys.ts";
import { safe } from "./pipe_format.ts";
import { privacyLine } from "./privacy.ts";
import { Refused } from "./refused.ts";

/** Whether the one for whom a pipe is has the key of before; if not, says so, and what to do. A room always is as before. */
export async function isKnown(
  keys: Keys | undefined,
  to: string,
  tell: (notice: string) => void,
): Promise<boolean> {
  if (!to.startsWith("@") || keys === undefined) return true;
  const name = to.slice(1);
  try {
    const privacy = await keys.look(name);
    if (privacy !== "changed") return true;
    tell(`${safe(privacyLine({ with: name, privacy }))} (key_changed)`);
    return false;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return refusalCode(error.code) === 5; // the worse is told as it is found out, the rest when something is sent
  }
}
