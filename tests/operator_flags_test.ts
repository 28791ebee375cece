import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { parseFlags } from "../cli/parse_flags.ts";
import { UsageError } from "../cli/usage_error.ts";
import { readRetain } from "../server/operator/retain_spec.ts";
import { readWork } from "../server/operator/work.ts";
import { SERVE } from "../server/options.ts";
import { Folder, operate } from "./support/operator.ts";

const DAY = 86_400_000;

/** Command lines that are refused, each with the flag that its answer names. */
const REFUSED: readonly (readonly [args: string, flag: string])[] = [
  // numbers
  ["--port=-1", "--port"],
  ["--port 65536", "--port"],
  ["--port http", "--port"],
  ["--port 5555.5", "--port"],
  ["--port", "--port"],
  ["--workers 0", "--workers"],
  ["--workers 10001", "--workers"],
  ["--workers many", "--workers"],
  ["--clients 0", "--clients"],
  ["--per-address 0", "--per-address"],
  ["--per-address=-5", "--per-address"],
  ["--strangers-per-address 1.5", "--strangers-per-address"],
  ["--connects-per-minute 0", "--connects-per-minute"],
  ["--strangers 0", "--strangers"],
  ["--message-burst 0", "--message-burst"],
  ["--message-rate 0", "--message-rate"],
  ["--message-rate=-1", "--message-rate"],
  ["--request-burst 0x10", "--request-burst"],
  ["--request-rate 1e3", "--request-rate"],
  ["--byte-burst 64KiB", "--byte-burst"],
  ["--byte-rate NaN", "--byte-rate"],
  ["--room-rate Infinity", "--room-rate"],
  ["--rooms-per-user 0", "--rooms-per-user"],
  ["--rooms-per-hour 0", "--rooms-per-hour"],
  ["--rooms-per-hour 2.5", "--rooms-per-hour"],
  ["--history-rate 0", "--history-rate"],
  ["--presence=-1", "--presence"],
  ["--lag-bytes 0", "--lag-bytes"],
  ["--stall-seconds 0", "--stall-seconds"],
  ["--hello-seconds soon", "--hello-seconds"],
  ["--idle-seconds=-75", "--idle-seconds"],
  ["--accounts-per-hour 0", "--accounts-per-hour"],
  ["--sessions-per-account 0", "--sessions-per-account"],
  ["--devices-per-account 0", "--devices-per-account"],
  ["--mailbox-entries 0", "--mailbox-entries"],
  ["--mailbox-bytes 64MB", "--mailbox-bytes"],
  ["--mailbox-per-sender=-500", "--mailbox-per-sender"],
  ["--mailbox-bytes-per-sender 0", "--mailbox-bytes-per-sender"],
  // words
  ["--accounts", "--accounts"],
  ["--accounts maybe", "--accounts"],
  ["--accounts Required", "--accounts"],
  ["--data=", "--data"],
  ["--host=", "--host"],
  ["--retain=", "--retain"],
  ["--retain 365", "--retain"],
  ["--retain 1.5d", "--retain"],
  ["--retain=-1d", "--retain"],
  ["--retain 0d", "--retain"],
  ["--retain 5m", "--retain"],
  ["--retain 2000y", "--retain"],
  ["--retain 1d,2d", "--retain"],
  ["--retain 1d,", "--retain"],
  ["--retain 1d,ops=2d", "--retain"],
  ["--retain #ops", "--retain"],
  ["--retain #=1d", "--retain"],
  ["--retain #.ops=1d", "--retain"],
  ["--retain #ops=1d,#OPS=2d", "--retain"],
  ["--retain #ops=", "--retain"],
  // switches
  ["--ephemeral=yes", "--ephemeral"],
  ["--no-ephemeral", "--no-ephemeral"],
  ["--no-limits=5", "--no-limits"],
  ["--ephemerl", "--ephemeral"],
  ["--dat here", "--data"],
  // together
  ["--ephemeral --data here", "--data"],
  ["--backup a --restore b", "--restore"],
  ["--backup a --export #lobby", "--export"],
  ["--restore a --user ada", "--user"],
  ["--export #lobby --user ada", "--user"],
  ["--backup a --ephemeral", "--ephemeral"],
  ["--backup a --port 6000", "--port"],
  ["--backup a --retain 1d", "--retain"],
  ["--restore a --workers 3", "--workers"],
  ["--restore a --accounts required", "--accounts"],
  ["--export #lobby --no-limits", "--no-limits"],
  ["--export #lobby --clients 5", "--clients"],
  ["--user ada --host 127.0.0.1", "--host"],
  ["--user ada --disable --enable", "--enable"],
  ["--user ada --disable --reset-password", "--disable"],
  ["--disable", "--user"],
  ["--enable", "--user"],
  ["--reset-password", "--user"],
  ["--reset-password --backup a", "--user"],
  ["--backup=", "--backup"],
  ["--restore", "--restore"],
  ["--export", "--export"],
  ["--export @ada", "--export"],
  ["--export #a..", "--export"],
  ["--user .ada", "--user"],
  ["--user=", "--user"],
];

Deno.test("[K10] flags that cannot be meant are refused by name, and nothing is made", async () => {
  assert(REFUSED.length >= 60);
  await using folder = await Folder.make();
  const rows = [...REFUSED];
  await Promise.all([1, 2, 3].map(async () => {
    for (let row; (row = rows.pop());) {
      const [line, flag] = row;
      const named = line.includes("--data") ? [] : ["--data", `${folder.path}/data`];
      const { code, out, err } = await operate(folder.path, ...line.split(" "), ...named);
      assertEquals([code, out], [2, ""], `${line}: ${err}`);
      const [wrong = ""] = err.split("\nTry: ");
      assertStringIncludes(wrong, flag, line);
      assert(err.endsWith("\nTry: chat serve --help\n"), err);
    }
  }));
  assertEquals(await folder.names(), []);
});

Deno.test("--export: whispers are not printed, whoever asks", async () => {
  await using folder = await Folder.make();
  const { code, err } = await operate(folder.path, "--export", "@alice bob");
  assertEquals([code, err.split("\n")[0]], [
    2,
    `chat serve: --export prints rooms only: whispers are private, not "@alice bob"`,
  ]);
});

Deno.test("--retain: ages for all rooms and for some", () => {
  assertEquals(readRetain(undefined), { all: undefined, rooms: new Map() });
  assertEquals(readRetain("365d"), { all: 365 * DAY, rooms: new Map() });
  assertEquals(readRetain("1y, #OPS = 30d,#log=forever,#ci=12h"), {
    all: 365 * DAY,
    rooms: new Map([["ops", 30 * DAY], ["log", undefined], ["ci", DAY / 2]]),
  });
  assertEquals(readRetain("#ops=2w,forever"), { all: undefined, rooms: new Map([["ops", 14 * DAY]]) });
  for (
    const [spec, message] of [
      ["", `--retain: "" is no age: a number and h, d, w or y, or the word forever`],
      ["1d,2d", `--retain: "2d" is a second age for all rooms`],
      ["#ops=1d,#ＯＰＳ=2d", "--retain: #ops is there twice"],
      ["0h", "--retain: an age of 0h would keep nothing"],
      ["1001y", "--retain: 1001y is more than a thousand years: write forever"],
      ["#=1d", `--retain: "#" is no room: A room's name has 1 to 32 characters.`],
    ] as const
  ) assertEquals((assertThrows(() => readRetain(spec), UsageError) as UsageError).message, message);
});

Deno.test("flags of serve: what they ask for", () => {
  const work = (...args: string[]) => readWork(parseFlags(SERVE, args).flags);
  assertEquals(work(), undefined);
  assertEquals(work("--ephemeral", "--retain", "1d", "--accounts", "required"), undefined);
  assertEquals(work("--backup", "a.db", "--data", "d"), { kind: "backup", file: "a.db" });
  assertEquals(work("--restore", "a.db"), { kind: "restore", file: "a.db" });
  assertEquals(work("--export", "#Ops"), { kind: "export", room: "ops" });
  assertEquals(work("--export", "ops"), { kind: "export", room: "ops" });
  assertEquals(work("--user", "Ada"), { kind: "user", name: "ada", deed: "show" });
  assertEquals(work("--disable", "--user", "@ada"), { kind: "user", name: "ada", deed: "disable" });
});
