import { VERSION } from "../../cli/version.ts";
import { readAssets } from "./assets.ts";
import { Board } from "./board.ts";
import { Bridge, type BridgeOptions } from "./bridge.ts";
import { onEnter } from "./enter_key.ts";
import { FrontDoor } from "./front_door.ts";
import { openWindow } from "./open_window.ts";
import { PointerFile } from "./pointer_file.ts";
import { WindowLink } from "./window_link.ts";

/** How long the last window may be away: it is, for a moment, when it is loaded anew. */
const AWAY_MS = 3_000;

/** How the window behaves. */
export interface GuiOptions extends Omit<BridgeOptions, "board"> {
  /** Without one the page asks. */
  readonly name: string | undefined;
  /** As the person wrote it. */
  readonly server: string;
  /** Whether a browser is started. */
  readonly show: boolean;
  readonly exitWithWindow: boolean;
  /** Whether there is an Enter key to be pointed out. */
  readonly terminal: boolean;
  /** Resolves with the exit code of a signal. */
  readonly interrupted: Promise<number>;
}

/** Chats in windows of a browser on this machine until it is ended; resolves with the exit code. */
export async function runGui(options: GuiOptions): Promise<number> {
  const { name, server, show, exitWithWindow, terminal, interrupted, tell } = options;
  const assets = await readAssets().catch((error: Error) => error);
  if (assets instanceof Error) {
    tell(assets.message);
    return 1;
  }
  const pointer = new PointerFile();
  let leaving: ReturnType<typeof setTimeout> | undefined;
  const board: Board = new Board({
    version: VERSION,
    server,
    attended: (windows) => {
      clearTimeout(leaving);
      if (exitWithWindow && windows === 0) leaving = setTimeout(() => bridge.quit(), AWAY_MS);
    },
  });
  const bridge = new Bridge({ ...options, board });
  await using door = new FrontDoor({
    assets,
    dropped: (file) => bridge.dropped(file),
    exchanged: () => void pointer.remove(),
    entered: (socket) =>
      new WindowLink(socket, {
        opened: (window) => board.add(window),
        asked: (wish) => bridge.grant(wish),
        answering: () => board.flush(),
        closed: (window) => board.delete(window),
      }),
  });
  const invite = async () => {
    const address = door.invite();
    tell(
      `the window is at ${address} (this address works once; ${
        terminal ? "Enter opens another window, " : ""
      }Ctrl-C ends)`,
    );
    if (show && !await openWindow(await pointer.write(address))) {
      tell("no browser can be opened: open the address in one yourself");
    }
  };
  const invited = (error: unknown) => tell(`no browser can be opened: ${error}`);
  await using _keys = onEnter(() => void invite().catch(invited));
  void invite().catch(invited);
  try {
    return await bridge.run(name, interrupted);
  } finally {
    await board.close();
    clearTimeout(leaving);
    await pointer.remove();
  }
}
