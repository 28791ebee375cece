import { assert, assertEquals } from "@std/assert";
import type { ClientEvent } from "../client/chat_client.ts";
import { Refused } from "../client/refused.ts";
import { PasswordSource } from "../client/password_source.ts";
import { message, Stage, whisper } from "./support/stage.ts";

type Wanted = ClientEvent & { kind: "passwordWanted" };

const SECRET = "correct horse battery";

function wanted(why: Wanted["why"], more: Partial<Wanted> = {}): Wanted {
  return { kind: "passwordWanted", name: "ada", why, message: "What the server said", ...more };
}

/** Nothing that was typed unseen was ever shown. */
function assertUnseen(stage: Stage): void {
  for (const part of [SECRET, SECRET.slice(0, 7), "horse", "*"]) assert(!stage.log.includes(part), stage.log);
}

async function source(command: string): Promise<PasswordSource> {
  return await PasswordSource.open({ file: undefined, command, stderr: "null", warn: () => {} });
}

for (
  const env of [{ TERM: "dumb", LC_ALL: "C.UTF-8" }, { TERM: "xterm", LC_ALL: "C.UTF-8", NO_COLOR: "1" }]
) {
  Deno.test(`/register asks twice, unseen, until both are the same and long enough (TERM=${env.TERM})`, async () => {
    await using stage = new Stage({ env });
    await stage.online();
    await stage.type("/register\r");
    await stage.until("new password: ");
    assertEquals(stage.raw, true);
    await stage.type("horse\r");
    await stage.until("!! A new password needs at least 8 characters");
    await stage.type(`${SECRET}\r`);
    await stage.until("the same again: ");
    await stage.type(`${SECRET}!\r`);
    await stage.until("!! the two differ: once more");
    await stage.type(`${SECRET}\r${SECRET}\rhello\r`); // all at once, and what follows is said
    await stage.until(`register ${SECRET}`, "-- ada is your account now", "say #lobby hello");
    assertUnseen(stage);
    await stage.type("/register\r");
    await stage.until("!! ada has an account already: /passwd changes its password");
  });

  Deno.test(`passwords: Ctrl-C and Escape change nothing (TERM=${env.TERM})`, async () => {
    await using stage = new Stage({ env });
    await stage.online({ account: "member" });
    for (const [at, leave] of ["\x03", "\x1b"].entries()) {
      await stage.type(`/passwd\r`);
      await stage.until("the password until now: ");
      await stage.type(`${SECRET}\r${SECRET.slice(0, 8)}${leave}`);
      await stage.poll(() => stage.log.split("-- nothing is changed").length > at + 1);
    }
    await stage.type("hello\r");
    await stage.until("say #lobby hello");
    assert(!stage.chat.calls.some((call) => call.startsWith("changePassword")));
    assertUnseen(stage);
  });
}

Deno.test("/register takes the owner's code, and nothing that could be a password", async () => {
  await using stage = new Stage();
  await stage.online();
  await stage.type("/register hunter2hunter2\n");
  await stage.until("!! Passwords are asked for, and never typed here: /register [OWNER-CODE]");
  const code = "0a1b2-c3d4e-f5g6h-j7k8m";
  await stage.type(`/register ${code}\n${SECRET}\r${SECRET}\r`);
  await stage.until(`register ${SECRET} ${code}`, "-- ada is your account now, and the server's owner");
});

Deno.test("/register and /passwd tell what the server refuses", async () => {
  await using stage = new Stage();
  await stage.online();
  stage.chat.refusal = new Refused("rate", "Too many new accounts: come back in an hour");
  await stage.type(`/register\n${SECRET}\r${SECRET}\r`);
  await stage.until("!! Too many new accounts: come back in an hour (rate)");
  await stage.type("/passwd\n");
  await stage.until("!! ada has no account: /register makes one");
  assertUnseen(stage);
});

Deno.test("/passwd asks for the old password, then twice for the new one", async () => {
  await using stage = new Stage();
  await stage.online({ account: "member" });
  await stage.type(`/passwd\n${SECRET}\r${SECRET} 2\r${SECRET} 2\r`);
  await stage.until(`changePassword ${SECRET} ${SECRET} 2`, "-- the password is changed");
  assertUnseen(stage);
});

Deno.test("/unregister says what happens, and asks for the password", async () => {
  await using stage = new Stage();
  await stage.online({ account: "member" });
  await stage.type("/unregister\n\r");
  await stage.until("nobody can take the name for 90 days", "-- nothing is changed");
  await stage.type(`/unregister\n${SECRET}\r`);
  await stage.until(`unregister ${SECRET}`, "-- the account ada is gone");
  assertUnseen(stage);
});

Deno.test("/devices is a table, and revokes", async () => {
  await using stage = new Stage();
  await stage.online({ account: "member" });
  const at = (day: number) => new Date(2026, 10, day, 9, 5).toISOString();
  stage.chat.devicesThere = [
    { device: 1, label: "laptop", created: at(1), seen: at(20), here: true, current: true },
    { device: 12, label: "desk\n\x1b[2J", created: at(2), seen: at(21), here: true, current: false },
    { device: 13, label: "漢字", created: at(3), seen: at(22), here: false, current: false },
  ];
  await stage.type("/devices\n");
  await stage.until("/devices revoke N");
  const rows = stage.rows.slice(-5);
  assertEquals(rows, [
    "--  #  device      first seen        last seen",
    "--  1  laptop      2026-11-01 09:05  2026-11-20 09:05  this one",
    "-- 12  desk\\n␛[2J  2026-11-02 09:05  2026-11-21 09:05  connected",
    "-- 13  漢字        2026-11-03 09:05  2026-11-22 09:05",
    "-- /devices revoke N signs one out",
  ]);
  await stage.type("/devices revoke 12\n");
  await stage.until("revoke 12", "-- device 12 is signed out");
  stage.chat.refusal = new Refused("device", "There is no such device");
  await stage.type("/devices revoke 99\n");
  await stage.until("!! There is no such device (device)");
});

Deno.test("/search shows what was found, the newest last, and says when there is more", async () => {
  await using stage = new Stage();
  await stage.online();
  await stage.type('/search from:bob in:#lobby "disk full"\n');
  await stage.until('search {"from":"bob","to":"#lobby","text":"\\"disk full\\""}');
  await stage.until("-- nothing found in what you may read");
  await stage.type("/search since:yesterday\n");
  await stage.until("!! since:yesterday is not understood: use 2d, 3h, 2026-11-01");
  stage.chat.found = [message(7, "the disk is full"), whisper(3, "disk", { from: "ada", to: "carol" })];
  await stage.type("/search disk\n");
  await stage.until("-- 2 found, and there are more: narrow it with from:, in:, since:");
  const found = stage.rows.filter((row) => /^\d{4}-/.test(row)).map((row) => row.slice(17));
  assertEquals(found, ["@carol │ ada │ disk", "#lobby │ bob │ the disk is full"]);
});

Deno.test("signing in: the password is asked for until it is right", async () => {
  await using stage = new Stage();
  stage.tell(wanted("account"));
  await stage.until("-- ada belongs to an account", "password: ");
  await stage.type("horse wrong\rtyped too early\r");
  await stage.until("signIn horse wrong", "signing in ");
  stage.tell(wanted("wrong"));
  await stage.until("!! that is not the password of ada");
  stage.tell(wanted("throttled", { retryMs: 41_200 }));
  await stage.until("!! too many wrong passwords: wait 42 s before the next try");
  await stage.type(`${SECRET}\r`);
  await stage.until(`signIn ${SECRET}`);
  await stage.online({ account: "member" });
  await stage.until("-- connected as ada (member)");
  await stage.type("hello\n");
  await stage.until("say #lobby hello");
  assertUnseen(stage);
  assert(!stage.log.includes("too early") && !stage.chat.calls.some((call) => call.includes("too early")));
});

Deno.test("signing in: Ctrl-C, Escape and Ctrl-D give up with 4, before and after the password", async () => {
  for (const keys of ["\x03", "\x1b", "\x04", `${SECRET}\r\x03`]) {
    await using stage = new Stage();
    stage.tell(wanted("account"));
    await stage.until("password: ");
    await stage.type(keys);
    assertEquals(await stage.exit, 4);
    assertEquals(stage.raw, false);
  }
});

Deno.test("signing in: Enter alone chooses another name", async () => {
  await using stage = new Stage();
  stage.tell(wanted("account"));
  await stage.until("password: ");
  await stage.type("\r");
  await stage.until("-- type another name", "name> ");
  assertEquals(stage.raw, false);
  await stage.type("bob\n");
  await stage.until("rename bob");
});

Deno.test("signing in where accounts are required: a new password, twice", async () => {
  await using stage = new Stage();
  stage.tell(wanted("unregistered"));
  await stage.until("-- this server wants an account: choose a password to make ada yours", "new password: ");
  stage.chat.refusal = new Refused("name_taken", "Somebody was faster");
  await stage.type(`short\r${SECRET}\r${SECRET}\r`);
  await stage.until("at least 8 characters", "!! Somebody was faster (name_taken)");
  await stage.type(`${SECRET}\r${SECRET}\r`);
  await stage.poll(() => stage.chat.calls.filter((call) => call === `register ${SECRET}`).length === 2);
  await stage.online({ account: "member" });
  assertUnseen(stage);
});

Deno.test("signing in: what CHAT_PASSWORD_COMMAND prints is used once, then the person is asked", async () => {
  await using stage = new Stage({ source: await source(`echo '${SECRET}'`) });
  stage.tell(wanted("account"));
  await stage.until(`signIn ${SECRET}`);
  stage.tell(wanted("wrong"));
  await stage.until("!! that is not the password of ada", "password: ");
  assertUnseen(stage);
});

Deno.test("signing in: CHAT_PASSWORD_COMMAND that fails ends with 4", async () => {
  await using stage = new Stage({ source: await source("exit 3") });
  stage.tell(wanted("account"));
  assertEquals(await stage.exit, 4);
  assert(stage.log.includes("!! CHAT_PASSWORD_COMMAND ended with status 3 (password_command)"), stage.log);
});

Deno.test("--register makes an account of a name that nobody has, and leaves one's own alone", async () => {
  {
    await using stage = new Stage({ register: true, source: await source(`echo '${SECRET}'`) });
    await stage.online();
    await stage.until(`register ${SECRET}`, "-- ada is your account now");
    assertUnseen(stage);
  }
  {
    await using stage = new Stage({ register: true });
    await stage.online();
    await stage.until("choose a password", "new password: ");
  }
  await using stage = new Stage({ register: true, source: await source(`echo '${SECRET}'`) });
  await stage.online({ account: "owner" });
  await stage.type("hello\n");
  await stage.until("say #lobby hello");
  assert(!stage.chat.calls.some((call) => call.startsWith("register")));
});
