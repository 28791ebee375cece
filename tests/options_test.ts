import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { parseFlags } from "../cli/parse_flags.ts";
import { UsageError } from "../cli/usage_error.ts";
import { readAddress } from "../client/address.ts";
import { CONNECT, readOptions } from "../client/options.ts";

Deno.test("addresses: names, IPv4, IPv6, with and without port and scheme", () => {
  for (
    const [given, host, port] of [
      ["localhost", "localhost", 5555],
      ["chat.example.org:80", "chat.example.org", 80],
      ["chat://127.0.0.1:7/", "127.0.0.1", 7],
      ["CHAT://localhost", "localhost", 5555],
      ["[::1]", "::1", 5555],
      ["[::1]:7", "::1", 7],
      ["chat://[fe80::1]:65535", "fe80::1", 65_535],
      ["::1", "::1", 5555],
      ["2001:db8::7", "2001:db8::7", 5555],
      ["bücher.example", "bücher.example", 5555],
    ] as const
  ) assertEquals(readAddress(given), { host, port });
});

Deno.test("addresses that are none say what would be one", () => {
  for (
    const [given, hint] of [
      ["", "For example"],
      [":5555", "Did you mean localhost:5555?"],
      ["5555", "Did you mean localhost:5555?"],
      ["localhost:", "A port is a number"],
      ["localhost:0", "A port is a number"],
      ["localhost:65536", "A port is a number"],
      ["localhost:http", "A port is a number"],
      ["localhost:-1", "A port is a number"],
      ["http://localhost", "chat://localhost"],
      ["alice@localhost", "localhost --name alice"],
      ["localhost/room", "For example"],
      ["local host", "For example"],
      ["[::1", "For example"],
      ["[]:5555", "Did you mean localhost:5555?"],
    ] as const
  ) {
    const error = assertThrows(() => readAddress(given), UsageError) as UsageError;
    assertStringIncludes(error.hint ?? "", hint);
  }
});

Deno.test("chat connect: what the flags mean", () => {
  const read = (...args: string[]) => {
    const { flags, operands } = parseFlags(CONNECT, args);
    return readOptions(flags, operands);
  };
  assertEquals(read("localhost"), {
    address: { host: "localhost", port: 5555 },
    name: undefined,
    room: "lobby",
    register: false,
    passwordFile: undefined,
    state: true,
    lines: false,
    plain: false,
    acceptNewKey: false,
    json: false,
    gui: undefined,
    search: undefined,
    follow: false,
    timeoutMs: undefined,
    to: undefined,
    send: undefined,
    receive: undefined,
    color: undefined,
    bell: true,
  });
  const all = read(
    "[::1]:7",
    "-n",
    "ci",
    "-r",
    "#ci",
    "--json",
    "-f",
    "--timeout",
    "1.5",
    "--no-color",
    "--no-bell",
    "--lines",
    "--plain",
    "--accept-new-key",
    "--register",
    "--no-state",
    "--password-file",
    "secret.txt",
    "--search",
    "in:#ops -x",
    "--send",
    "build.tar",
    "--to",
    "bob",
    "--receive",
    "builds",
  );
  assertEquals(all, {
    address: { host: "::1", port: 7 },
    name: "ci",
    room: "ci",
    register: true,
    passwordFile: "secret.txt",
    state: false,
    lines: true,
    plain: true,
    acceptNewKey: true,
    json: true,
    gui: undefined,
    search: "in:#ops -x",
    follow: true,
    timeoutMs: 1500,
    to: "@bob",
    send: { path: "build.tar", to: "@bob" },
    receive: "builds",
    color: false,
    bell: false,
  });
  assertEquals(read("h", "--color").color, true);
  assertEquals(read("h", "--gui").gui, { open: true, exitWithWindow: false });
  assertEquals(read("h", "--gui", "--no-open", "--exit-with-window").gui, {
    open: false,
    exitWithWindow: true,
  });
});

Deno.test("chat connect: a window is no terminal and no pipe", () => {
  for (
    const [said, ...args] of [
      ["--gui and --lines do not go together", "--gui", "--lines"],
      ["--gui and --json do not go together", "--json", "--gui"],
      ["--gui and --search do not go together", "--gui", "--search", "x"],
      ["--gui and --follow do not go together", "--gui", "-f"],
      ["--gui and --timeout do not go together", "--gui", "--timeout", "1"],
      ["--no-open is about a window", "--no-open"],
      ["--exit-with-window is about a window", "--exit-with-window"],
    ]
  ) {
    const { flags, operands } = parseFlags(CONNECT, ["h", ...args]);
    assertThrows(() => readOptions(flags, operands), UsageError, said);
  }
});
