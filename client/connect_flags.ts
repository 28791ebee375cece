import { command } from "../cli/flag_table.ts";
import { DEFAULT_PORT } from "./address.ts";

/** `chat connect`. */
export const CONNECT = command({
  name: "connect",
  summary: "talk, from a terminal, in a window or in a pipe",
  operands: [{
    name: "HOST[:PORT]",
    help:
      `the server, also as chat://HOST, with # and its fingerprint where that is known; port ${DEFAULT_PORT} unless given, IPv6 as [::1]:${DEFAULT_PORT}`,
  }],
  flags: [
    {
      kind: "text",
      name: "name",
      short: "n",
      value: "NAME",
      help:
        "who you are; in a terminal your user name unless given, a window asks, in a pipe it must be given",
    },
    {
      kind: "text",
      name: "room",
      short: "r",
      value: "ROOM",
      help: "the room to talk in, joined if needed",
      default: "lobby",
    },
    {
      kind: "switch",
      name: "register",
      help: "make the name your own if nobody has it, with a password; without it you are a guest",
    },
    {
      kind: "text",
      name: "password-file",
      value: "FILE",
      help: "take the password from the first line of FILE where one is needed, instead of asking",
      complete: "file",
    },
    {
      kind: "switch",
      name: "state",
      negatable: true,
      help:
        "remember on this machine, as it does unless told not to: sign-ins, what was not delivered, lines typed",
    },
    { kind: "switch", name: "color", negatable: true, help: "colour, or none, whatever the terminal is" },
    {
      kind: "switch",
      name: "bell",
      negatable: true,
      help: "ring for whispers and for your name, as it does unless told not to",
    },
    { kind: "switch", name: "lines", help: "plain lines as in a pipe, in a terminal as well" },
    {
      kind: "switch",
      name: "plain",
      help:
        "speak without TLS, to a server that was never seen with it; who listens on the way reads all but whispers",
    },
    {
      kind: "switch",
      name: "accept-new-key",
      help: "take the certificate that the server shows now for its own from now on, though it had another",
    },
    {
      kind: "switch",
      name: "gui",
      group: "As a window",
      help: "open a window in a browser on this machine, and talk there",
    },
    {
      kind: "switch",
      name: "no-open",
      group: "As a window",
      help: "start no browser, only print the address of the window",
    },
    {
      kind: "switch",
      name: "exit-with-window",
      group: "As a window",
      help: "end when the last window is closed",
    },
    {
      kind: "switch",
      name: "json",
      group: "In a pipe",
      help: "one JSON object a line, other events than messages included",
    },
    {
      kind: "text",
      name: "search",
      value: "QUERY",
      group: "In a pipe",
      help:
        "print what was said that matches, the newest last, and end: 'from:bob in:#ops since:2d \"disk full\"'",
    },
    {
      kind: "switch",
      name: "follow",
      short: "f",
      group: "In a pipe",
      help: "go on printing after the end of the input",
    },
    {
      kind: "text",
      name: "send",
      value: "FILE",
      group: "In a pipe",
      help: "send a file, besides what the input says; exits with 8 where it has not arrived",
      complete: "file",
    },
    {
      kind: "text",
      name: "to",
      value: "WHOM",
      group: "In a pipe",
      help: "for whom the input and the file are: a name, or a room with #; the room talked in unless given",
    },
    {
      kind: "text",
      name: "receive",
      value: "DIR",
      group: "In a pipe",
      help: "save every file that is offered in this folder",
      complete: "directory",
    },
    {
      kind: "number",
      name: "timeout",
      value: "SECONDS",
      group: "In a pipe",
      help:
        "after the end of the input wait only so long for the server to take what was sent; then exit with 7",
      min: 0,
      max: 86_400,
      fraction: true,
    },
  ],
  notes: [
    "In a pipe each line of the input is one message, even one that begins with a slash; empty lines are skipped. " +
    "The output has one line for each message, one's own when the server has it: the time, the room or the person, " +
    "the sender, the text; a newline within a message is written \\n. Everything else is told on standard error. At the end of the " +
    "input it waits until the server has taken everything.",
    "With --gui the program keeps the connection and serves the window, to this machine only: the address it prints " +
    "lets one browser in, once, and Enter makes another one. What a window can do, a terminal can.",
    "A name may belong to an account: then its password is asked for once on each device. Without a terminal it comes " +
    "from --password-file, or from the first line that the command in CHAT_PASSWORD_COMMAND prints. It is never " +
    "an argument, because others could see it, and the server never sees it either.",
    "The connection is encrypted, and the server known again by its certificate: the first time it is trusted, and the " +
    "words that it shows at its start are told, to be compared. When it shows another one nothing is sent.",
    "What a device needs to sign in again, what was not delivered yet and how far one has read are kept in " +
    "$XDG_STATE_HOME/chat, else ~/.local/state/chat.",
    "Exit codes: 0 done, 1 failure, 2 usage, 3 the server cannot be reached, 4 sign-in refused, 5 not allowed or " +
    "no such user or room, 6 the server or a person has another key than before, 7 time-out, 8 a file has not arrived, 130 and 143 ended by a signal.",
  ],
  examples: [
    ["chat connect localhost --name alice", "talk"],
    ["chat connect localhost --gui", "talk in a window, which asks who you are"],
    ["make 2>&1 | chat connect localhost --name ci --room ci", "tell the room ci what make says"],
    ["echo done | chat connect localhost --name ci --to bob", "whisper to bob"],
    [
      "chat connect localhost --name alice --search 'from:bob since:2d disk'",
      "find what bob said about the disk in the last two days",
    ],
    ["chat connect localhost --name log --follow < /dev/null > log.txt", "write down what is said"],
  ],
});
