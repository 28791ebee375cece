// A terminal whose chat falls over at the first thing said: run by tests/terminal_leaving_test.ts.
import type { Draft } from "../../client/chat_client.ts";
import { runTerminal } from "../../client/terminal/terminal.ts";
import { ScriptedChat } from "./scripted_chat.ts";

class CrashingChat extends ScriptedChat {
  override say(_to: string, text: string): Draft {
    throw new Error(`${text}, as asked`);
  }
}

Deno.exit(await runTerminal(new CrashingChat(), { room: "lobby" }));
