import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { Folder, operate, type Said } from "./support/operator.ts";
import { helloWith, registered } from "./support/member.ts";
import { startLogin } from "./support/opaque_client.ts";
import { asked } from "./support/member.ts";
import { ServerProcess } from "./support/torture/server_process.ts";
import { Wire } from "./support/wire.ts";

const PASSWORD = "correct horse battery";

/** A server on a folder of its own, with the account of ada, who is signed in. */
class Household implements AsyncDisposable {
  readonly #folder: Folder;
  #server: ServerProcess & { readonly port: number };
  readonly ada: Wire;
  readonly token: string;

  private constructor(
    folder: Folder,
    server: ServerProcess & { readonly port: number },
    ada: Wire,
    token: string,
  ) {
    this.#folder = folder;
    this.#server = server;
    this.ada = ada;
    this.token = token;
  }

  static async open(): Promise<Household> {
    const folder = await Folder.make();
    const server = await ServerProcess.start("--data", folder.path, "--port", "0");
    const ada = await Wire.open(server.port);
    const enrolled = await registered(ada, "ada", PASSWORD, { device: "her \x1b[31mlaptop\u202e" });
    if (enrolled.type === "error") throw new Error(enrolled.message);
    await ada.signIn("ada", { session: enrolled.session });
    return new Household(folder, server, ada, enrolled.session);
  }

  get port(): number {
    return this.#server.port;
  }

  async operate(...args: readonly string[]): Promise<Said> {
    return await operate(this.#folder.path, "--data", this.#folder.path, "--user", ...args);
  }

  async restart(): Promise<void> {
    await this.#server.kill();
    this.#server = await ServerProcess.start("--data", this.#folder.path, "--port", "0");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.ada[Symbol.dispose]();
    await this.#server.kill();
    await this.#folder[Symbol.asyncDispose]();
  }
}

Deno.test("--user: shows an account, and nothing of it can move a terminal's cursor", async () => {
  await using house = await Household.open();
  const { code, out, err } = await house.operate("Ada");
  assertEquals([code, err], [0, ""]);
  const time = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d UTC`;
  assertMatch(
    out,
    new RegExp(
      `^ada: member, since ${time}\ndevices:\n  1  since ${time}, last seen ${time}  her �\\[31mlaptop�\n$`,
    ),
  );
  const wrong = await house.operate("adda");
  assertEquals([wrong.code, wrong.out], [1, ""]);
  assertEquals(wrong.err, "chat serve: there is no account adda. Did you mean ada?\n");
});

Deno.test("--user --disable: signed out within a second, kept out, and let in again", async () => {
  await using house = await Household.open();
  const disabled = await house.operate("ada", "--disable");
  assertEquals([disabled.code, disabled.out], [0, "ada is disabled, and signed out everywhere\n"]);
  const last = (await house.ada.rest()).at(-1);
  assert(last?.type === "error" && last.fatal, JSON.stringify(last));
  assertEquals([last.code, last.message], ["replaced", "This account was disabled"]);
  assertMatch((await house.operate("ada")).out, /^ada: member, disabled, since .*\nno devices\n$/);
  assertEquals((await house.operate("ada", "--disable")).out, "ada was disabled already\n");

  using again = await Wire.open(house.port);
  const refused = await helloWith(again, "ada", PASSWORD);
  assert(refused.type === "error");
  assertEquals(refused.code, "account_disabled");
  const token = await again.hello("ada", { session: house.token });
  assert(token.type === "error");

  assertEquals((await house.operate("ada", "--enable")).out, "ada is enabled\n");
  // The server looks every now and then; until it has, the answer is the one from before.
  for (let answer; (answer = await helloWith(again, "ada", PASSWORD)).type !== "welcome";) {
    assertEquals(answer.code, "account_disabled");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
});

for (const running of [true, false]) {
  Deno.test(`--user --reset-password: the one that is printed fits, the old one no more (${running ? "the server goes on" : "the server was restarted"})`, async () => {
    await using house = await Household.open();
    const { code, out, err } = await house.operate("ada", "--reset-password");
    assertEquals(code, 0, err);
    assertMatch(out, /^(?:[0-9a-z]{4,5}-){3}[0-9a-z]{4,5}\n$/);
    assertStringIncludes(err, "signed out everywhere");
    assertEquals((await house.ada.rest()).at(-1)?.type, "error");
    if (!running) await house.restart();

    using wire = await Wire.open(house.port);
    const { request, finish } = startLogin(out.trim());
    const login = await asked(wire, { type: "login", name: "ada", request }, "login");
    assert(login.type === "login", JSON.stringify(login));
    const proof = finish(login.response, login.stretching);
    assert(proof !== undefined, "the new password is right");
    assertEquals((await wire.hello("ada", { proof })).type, "welcome");

    using old = await Wire.open(house.port);
    const byPassword = await helloWith(old, "ada", PASSWORD);
    assert(byPassword.type === "error" && byPassword.code === "auth", JSON.stringify(byPassword));
    const byToken = await old.hello("ada", { session: house.token });
    assert(byToken.type === "error" && byToken.code === "auth_required", JSON.stringify(byToken));
  });
}
