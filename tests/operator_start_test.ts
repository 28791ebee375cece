import { assert, assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import config from "../deno.json" with { type: "json" };
import { dataFolder } from "../server/data_folder.ts";
import { Exit } from "../server/exit.ts";
import { draft, Folder, kept, operate } from "./support/operator.ts";
import { registered } from "./support/member.ts";
import { Served } from "./support/served.ts";
import { ServerProcess } from "./support/torture/server_process.ts";
import { welcomed, Wire } from "./support/wire.ts";

type Line = Readonly<Record<string, unknown>>;

function linesOf(server: ServerProcess): Line[] {
  return server.said.split("\n").map((line) => JSON.parse(line));
}

async function modeOf(path: string): Promise<number> {
  return (await Deno.stat(path)).mode! & 0o777;
}

Deno.test("the data folder: the one given, that of XDG, that in the home folder", () => {
  const chosen = (given: string | undefined, env: Readonly<Record<string, string>>) =>
    dataFolder(given, (name) => env[name]);
  assertEquals(chosen("here", { HOME: "/home/ada", XDG_DATA_HOME: "/data" }), "here");
  assertEquals(chosen(undefined, { HOME: "/home/ada", XDG_DATA_HOME: "/data" }), "/data/chat");
  assertEquals(chosen(undefined, { HOME: "/home/ada" }), "/home/ada/.local/share/chat");
  assertEquals(chosen(undefined, { HOME: "/home/ada", XDG_DATA_HOME: "" }), "/home/ada/.local/share/chat");
  assertEquals(
    chosen(undefined, { HOME: "/home/ada", XDG_DATA_HOME: "data" }),
    "/home/ada/.local/share/chat",
  );
  const error = assertThrows(() => chosen(undefined, {}), Exit) as Exit;
  assertEquals(error.code, 78);
  assertStringIncludes(error.message, "--data");
});

Deno.test("the first start: a folder for its owner alone, what is in it, and how to become the owner", async () => {
  await using folder = await Folder.make();
  const data = `${folder.path}/some/where`;
  await using server = await ServerProcess.start("--data", data, "--port", "0");
  using ada = await welcomed(server.port, "ada");
  await ada.send({ type: "message", room: "lobby", id: "1", text: "hi" });
  await ada.until("message");
  const [listening, certificate, owner, ...more] = linesOf(server);
  assertEquals(more, []);
  assertMatch(
    String(certificate?.["address"]),
    new RegExp(`^chat://127\\.0\\.0\\.1:${server.port}#[0-9a-f]{64}$`),
  );
  assertMatch(String(certificate?.["words"]), /^([a-z]+ ){5}[a-z]+$/);
  assertEquals(listening, {
    ...listening,
    event: "listening",
    host: "127.0.0.1",
    port: server.port,
    data,
    messages: 0,
    conversations: 0,
    accounts: 0,
  });
  const how = new RegExp(`^chat connect 127\\.0\\.0\\.1:${server.port} --name YOU, then /register (\\S+)$`);
  const [, claim = ""] = String(owner?.["become"]).match(how) ?? [];
  for (const path of [data, `${folder.path}/some`]) assertEquals(await modeOf(path), 0o700);
  for await (const { name } of Deno.readDir(data)) {
    assertEquals(await modeOf(`${data}/${name}`) & 0o077, 0, name);
  }

  using wire = await Wire.open(server.port);
  const enrolled = await registered(wire, "boss", "correct horse battery", { claim });
  assertEquals(enrolled.type === "enrolled" && enrolled.account, "owner");
  await server.kill();
  await using again = await ServerProcess.start("--data", data, "--port", "0");
  using late = await welcomed(again.port, "ada");
  assertEquals(late.welcome.rooms[0]?.seq, 1);
  const [first, known, ...others] = linesOf(again);
  assertEquals(known?.["words"], certificate?.["words"]); // clients know it again
  assertEquals([first?.["messages"], first?.["conversations"], first?.["accounts"], others], [1, 1, 1, []]);
});

Deno.test("a data folder that others may look into is used, and told of", async () => {
  await using folder = await Folder.make();
  await Deno.chmod(folder.path, 0o755);
  await using server = await ServerProcess.start("--data", folder.path, "--port", "0");
  using _ada = await welcomed(server.port, "ada");
  const told = linesOf(server).find(({ event }) => event === "data_open_to_others");
  assertEquals(told?.["advice"], `chmod 700 ${folder.path}`);
});

Deno.test("[F26] a second server on the same folder ends at once with 75; the first goes on", async () => {
  await using folder = await Folder.make();
  await using server = await ServerProcess.start("--data", folder.path, "--port", "0");
  using ada = await welcomed(server.port, "ada");
  const { code, out, err } = await operate(folder.path, "--data", folder.path, "--port", "0");
  assertEquals([code, out], [75, ""]);
  assertEquals(
    err,
    `chat serve: another server uses ${folder.path}: stop it, or choose another folder with --data\n`,
  );
  await ada.fence();
  await server.kill();
  await using third = await ServerProcess.start("--data", folder.path, "--port", "0");
  assert(third.port > 0);
});

Deno.test("what keeps a server from starting: its exit code says what kind, its message where and what to do", async () => {
  await using folder = await Folder.make();
  const at = (name: string) => `${folder.path}/${name}`;
  await Deno.writeTextFile(at("file"), "");
  for (const name of ["newer", "damaged", "lost"]) await kept(at(name), [draft(1)]);
  const db = new DatabaseSync(at("newer/chat.db"));
  db.exec("PRAGMA user_version = 999");
  db.close();
  await Deno.truncate(at("damaged/chat.db"), 8_192);
  await Deno.rename(at("lost/chat.db"), at("lost/chat.db-wal"));
  for (
    const [data, code, words] of [
      ["file", 78, "is no folder: name another with --data"],
      ["file/below", 78, "is no folder: name another with --data"],
      ["newer", 78, "newer/chat.db has schema 999"],
      ["damaged", 65, "damaged/chat.db is damaged"],
      ["lost", 65, "lost/chat.db is damaged: it is missing"],
    ] as const
  ) {
    const said = await operate(folder.path, "--data", at(data), "--port", "0");
    assertEquals([said.code, said.out], [code, ""], said.err);
    assertStringIncludes(said.err, words);
    assertMatch(said.err, /^chat serve: .*\n$/);
  }
});

Deno.test("a port that is in use: exit code 1, and the folder is free for the next one", async () => {
  await using folder = await Folder.make();
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const port = String(taken.addr.port);
  const { code, err } = await operate(
    folder.path,
    ...["--data", folder.path, "--host", "127.0.0.1", "--port", port],
  );
  assertEquals(code, 1);
  assertStringIncludes(err, `cannot listen on 127.0.0.1:${port}: the port is in use`);
  await using server = await ServerProcess.start("--data", folder.path, "--port", "0");
  assert(server.port > 0);
});

Deno.test("deno task serve: what it may do is enough to keep data", async () => {
  await using folder = await Folder.make();
  const [program, ...words] = config.tasks.serve.split(" ");
  assertEquals([program, words.at(-1)], ["deno", "serve"]);
  await using server = await Served.start([Deno.execPath(), ...words.slice(0, -1)], "--data", folder.path);
  using ada = await welcomed(server.port, "ada");
  assertEquals((await registered(ada, "ada", "correct horse battery")).type, "enrolled");
  await ada.send({ type: "message", room: "lobby", id: "1", text: "hi" });
  await ada.until("message");
  await ada.send({ type: "history", room: "lobby" });
  assertEquals((await ada.until("history")).entries.length, 1);
  const { code, log } = await server.stop();
  assertEquals(code, 0, log);
});
