/**
 * What an argument names, so that a front end can complete it. `text` takes the rest of the line; `word` is one of a
 * few; `code` is neither shown in examples nor completed; a `flag` may stand there or not.
 */
export type ArgumentKind = "user" | "room" | "text" | "number" | "command" | "word" | "code" | "flag";

/** One argument of a command. What follows an optional one that was given is needed, unless it is optional itself. */
export interface Argument {
  readonly kind: ArgumentKind;
  readonly optional?: true;
  /** Of a `word`: which there are; of a `flag`: the one. */
  readonly choices?: readonly string[];
  /** Of a `number`: the greatest. */
  readonly most?: number;
}

/** Most messages one `/history` may ask for. */
const MAX_HISTORY = 200;

/** A slash command as it was meant, its arguments checked for presence but not for truth. */
export type Call =
  | { readonly name: "help"; readonly command: string | undefined }
  /** `plain`: the server may read it. */
  | { readonly name: "whisper"; readonly to: string; readonly text: string; readonly plain: boolean }
  /** `same`: the words were the same on both screens; `accept`: the other key is theirs. */
  | { readonly name: "verify"; readonly user: string; readonly step: "show" | "same" | "accept" }
  | { readonly name: "reply" | "me"; readonly text: string }
  | { readonly name: "query"; readonly user: string | undefined }
  | { readonly name: "join"; readonly room: string }
  | { readonly name: "leave" | "list"; readonly room: string | undefined }
  | { readonly name: "history"; readonly count: number | undefined }
  | { readonly name: "search"; readonly query: string }
  | { readonly name: "register"; readonly code: string | undefined }
  /** `revoke`: the number of the device to sign out; without it they are listed. */
  | { readonly name: "devices"; readonly revoke: number | undefined }
  | { readonly name: "rooms" | "passwd" | "unregister" | "clear" | "quit" };

/** One row of the table: what a command is called, what it takes, and what is said about it. */
export interface Command {
  readonly name: Call["name"];
  readonly aliases: readonly string[];
  readonly usage: string;
  readonly summary: string;
  readonly example: string;
  readonly args: readonly Argument[];
  /** It leads to a password: lines with this command are never kept in a history. */
  readonly secret?: true;
  readonly call: (args: readonly string[]) => Call;
}

/** Every slash command, in the order of `/help`; terminal and window share it. */
export const COMMANDS: readonly Command[] = [
  {
    name: "whisper",
    aliases: ["msg", "w"],
    usage: "/whisper [--plain] NAME TEXT",
    summary: "say something to one person only, encrypted between accounts; --plain lets the server read it",
    example: "/whisper bob are you free at noon?",
    args: [{ kind: "flag", choices: ["--plain"] }, { kind: "user" }, { kind: "text" }],
    call: ([plain, to, text]) => ({ name: "whisper", to: to!, text: text!, plain: plain !== "" }),
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
    name: "verify",
    aliases: [],
    usage: "/verify NAME [same, accept]",
    summary: "show six words: if NAME sees the same, nobody stands between you; say so with same",
    example: "/verify bob",
    args: [{ kind: "user" }, { kind: "word", optional: true, choices: ["same", "accept"] }],
    call: ([user, step]) => ({ name: "verify", user: user!, step: stepOf(step) }),
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
    args: [{ kind: "number", optional: true, most: MAX_HISTORY }],
    call: ([count]) => ({ name: "history", count: count === undefined ? undefined : Number(count) }),
  },
  {
    name: "search",
    aliases: [],
    usage: "/search QUERY",
    summary: "find what was said; from:bob, in:#ops, in:@bob and since:2d narrow it",
    example: '/search from:bob in:#ops since:2d "disk full"',
    args: [{ kind: "text" }],
    call: ([query]) => ({ name: "search", query: query! }),
  },
  {
    name: "register",
    aliases: [],
    usage: "/register [OWNER-CODE]",
    summary: "make your name your own, with a password that is asked for",
    example: "/register",
    args: [{ kind: "code", optional: true }],
    secret: true,
    call: ([code]) => ({ name: "register", code }),
  },
  {
    name: "passwd",
    aliases: [],
    usage: "/passwd",
    summary: "change your password; your other devices are signed out",
    example: "/passwd",
    args: [],
    secret: true,
    call: () => ({ name: "passwd" }),
  },
  {
    name: "devices",
    aliases: [],
    usage: "/devices [revoke N]",
    summary: "list your devices, or sign one out for good",
    example: "/devices revoke 2",
    args: [{ kind: "word", optional: true, choices: ["revoke"] }, { kind: "number" }],
    call: ([, device]) => ({ name: "devices", revoke: device === undefined ? undefined : Number(device) }),
  },
  {
    name: "unregister",
    aliases: [],
    usage: "/unregister",
    summary: "give up your account, after a warning",
    example: "/unregister",
    args: [],
    secret: true,
    call: () => ({ name: "unregister" }),
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

function stepOf(word: string | undefined): "show" | "same" | "accept" {
  const step = word?.toLowerCase();
  return step === "same" || step === "accept" ? step : "show";
}

/** Finds a command by name or alias, and on request by a prefix; several rows mean that a prefix is not unique. */
export function findCommand(word: string, { prefixes = false } = {}): readonly Command[] {
  const typed = word.toLowerCase();
  const exact = COMMANDS.filter(({ name, aliases }) => name === typed || aliases.includes(typed));
  if (exact.length > 0 || !prefixes || typed === "") return exact;
  return COMMANDS.filter(({ name, aliases }) => [name, ...aliases].some((each) => each.startsWith(typed)));
}
