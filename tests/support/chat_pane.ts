import { serve, type ServeOptions, type Server } from "../../server/serve.ts";
import { Pane, type PaneOptions } from "./tmux.ts";

const MAIN = new URL("../../main.ts", import.meta.url).pathname;

/** A server without the limits that a test would run into. */
export async function openServer(options: Omit<ServeOptions, "limits"> = {}): Promise<Server> {
  const plenty = {
    messageBurst: 1e6,
    messageRate: 1e6,
    requestBurst: 1e6,
    requestRate: 1e6,
    byteBurst: 1e9,
    byteRate: 1e9,
  };
  const more = {
    roomRate: 1e6,
    perAddress: 1e4,
    strangersPerAddress: 1e4,
    connectsPerMinute: 1e6,
    graceSeconds: 0.2,
  };
  return await serve({ ...options, limits: { ...plenty, ...more }, workers: 4 });
}

/** The command line that chats as `name`. */
export function chatCommand(port: number, name: string, ...more: readonly string[]): string[] {
  return [
    Deno.execPath(),
    "run",
    // Its progress would clear rows of the screen.
    "--quiet",
    "-A",
    "--no-check",
    MAIN,
    "connect",
    `127.0.0.1:${port}`,
    "--name",
    name,
    ...more,
  ];
}

/** Types a password unseen, twice, for the name signed in with. */
export async function register(pane: Pane, password: string, code?: string): Promise<void> {
  await pane.enter(`/register${code === undefined ? "" : ` ${code}`}`);
  await pane.until("new password:");
  await pane.enter(password);
  await pane.until("the same again:");
  await pane.enter(password);
  await pane.until("is your account now");
}

/** A terminal with a chat in it, signed in. */
export async function openChat(
  port: number,
  name: string,
  options: PaneOptions & { readonly args?: readonly string[] } = {},
): Promise<Pane> {
  const env = { LC_ALL: "C.UTF-8", NO_COLOR: "1", ...options.env };
  const pane = await Pane.open(chatCommand(port, name, ...options.args ?? []), { ...options, env });
  try {
    await pane.until("Tab completes");
    return pane;
  } catch (error) {
    await pane[Symbol.asyncDispose]();
    throw error;
  }
}
