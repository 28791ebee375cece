/** What an argument names, so that a front end can complete it. `text` takes the rest of the line. */
export type ArgumentKind = "user" | "room" | "text" | "number" | "command";

/** A slash command as it was meant, its arguments checked for presence but not for truth. */
export type Call =
  | { readonly name: "help"; readonly command: string | undefined }
  | { readonly name: "whisper"; readonly to: string; readonly text: string }
  | { readonly name: "reply" | "me"; readonly text: string }
  | { readonly name: "query"; readonly user: string | undefined }
  | { readonly name: "join"; readonly room: string }
  | { readonly name: "leave" | "list"; readonly room: string | undefined }
  | { readonly name: "history"; readonly count: number | undefined }
  | { readonly name: "rooms" | "clear" | "quit" };

/** One row of the table: what a command is called, what it takes, and what is said about it. */
export interface Command {
  readonly name: Call["name"];
  readonly aliases: readonly string[];
  readonly usage: string;
  readonly summary: string;
  readonly example: string;
  readonly args: readonly { readonly kind: ArgumentKind; readonly optional?: true }[];
  /** Lines with this command are never kept in a history. */
  readonly secret?: true;
  readonly call: (args: readonly string[]) => Call;
}

/** Every slash command, in the order of `/help`; terminal and window share it. */
export const COMMANDS: readonly Command[] = [
  {
    name: "whisper",
    aliases: ["msg", "w"],
    usage: "/whisper NAME TEXT",
    summary: "say something to one person only",
    example: "/whisper bob are you free at noon?",
    args: [{ kind: "user" }, { kind: "text" }],
    call: ([to, text]) => ({ name: "whisper", to: to!, text: text! }),
  },
  {
    name: "reply",
    aliases: ["r"],
    usage: "/reply TEXT",
    summary: "answer the person who whispered to you last",
    example: "/reply yes, at the usual place",
    args: [{ kind: "text" }],
    call: ([text]) => ({ name: "reply", text: text! }),
  },
  {
    name: "me",
    aliases: [],
    usage: "/me TEXT",
    summary: "say what you do: * alice waves",
    example: "/me waves",
    args: [{ kind: "text" }],
    call: ([text]) => ({ name: "me", text: text! }),
  },
  {
    name: "join",
    aliases: ["j"],
    usage: "/join ROOM",
    summary: "enter a room, and talk there from now on",
    example: "/join #garden",
    args: [{ kind: "room" }],
    call: ([room]) => ({ name: "join", room: room! }),
  },
  {
    name: "leave",
    aliases: ["part"],
    usage: "/leave [ROOM]",
    summary: "leave a room: the one you talk in, or the one named",
    example: "/leave #garden",
    args: [{ kind: "room", optional: true }],
    call: ([room]) => ({ name: "leave", room }),
  },
  {
    name: "query",
    aliases: [],
    usage: "/query [NAME]",
    summary: "whisper to one person until /query alone",
    example: "/query bob",
    args: [{ kind: "user", optional: true }],
    call: ([user]) => ({ name: "query", user }),
  },
  {
    name: "list",
    aliases: ["names"],
    usage: "/list [ROOM]",
    summary: "who is here, or in the room named",
    example: "/list #garden",
    args: [{ kind: "room", optional: true }],
    call: ([room]) => ({ name: "list", room }),
  },
  {
    name: "rooms",
    aliases: [],
    usage: "/rooms",
    summary: "which rooms there are",
    example: "/rooms",
    args: [],
    call: () => ({ name: "rooms" }),
  },
  {
    name: "history",
    aliases: [],
    usage: "/history [N]",
    summary: "show N older messages (20), and with each further /history still older ones",
    example: "/history 50",
    args: [{ kind: "number", optional: true }],
    call: ([count]) => ({ name: "history", count: count === undefined ? undefined : Number(count) }),
  },
  {
    name: "clear",
    aliases: [],
    usage: "/clear",
    summary: "clear the screen",
    example: "/clear",
    args: [],
    call: () => ({ name: "clear" }),
  },
  {
    name: "help",
    aliases: [],
    usage: "/help [COMMAND]",
    summary: "list the commands, or explain one",
    example: "/help whisper",
    args: [{ kind: "command", optional: true }],
    call: ([command]) => ({ name: "help", command }),
  },
  {
    name: "quit",
    aliases: ["exit"],
    usage: "/quit",
    summary: "leave the chat (so do Ctrl-D on an empty line and Ctrl-C twice)",
    example: "/quit",
    args: [],
    call: () => ({ name: "quit" }),
  },
];

/** Finds a command by name or alias, and on request by a prefix; several rows mean that a prefix is not unique. */
export function findCommand(word: string, { prefixes = false } = {}): readonly Command[] {
  const typed = word.toLowerCase();
  const exact = COMMANDS.filter(({ name, aliases }) => name === typed || aliases.includes(typed));
  if (exact.length > 0 || !prefixes || typed === "") return exact;
  return COMMANDS.filter(({ name, aliases }) => [name, ...aliases].some((each) => each.startsWith(typed)));
}
