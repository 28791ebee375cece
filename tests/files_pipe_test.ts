import { assertEquals, assertStringIncludes } from "@std/assert";
import { openServer } from "./support/chat_pane.ts";
import { Program, run } from "./support/program.ts";
import { temporary } from "./support/temporary.ts";

Deno.test("a pipe sends a file and exits with 0 once it is there, with 8 where it is not, and says why", async () => {
  await using after = new AsyncDisposableStack();
  const folder = temporary(after);
  await using server = await openServer({ files: `${folder}/kept` });
  const here = `127.0.0.1:${server.port}`;
  await Deno.writeTextFile(`${folder}/a.txt`, "a file");
  const send = (path: string, to: string) =>
    run(["connect", here, "--name", "ci", "--send", path, "--to", to]);
  const done = await send(`${folder}/a.txt`, "#lobby");
  assertEquals(done.code, 0, done.err);
  assertStringIncludes(done.out, "#lobby <ci> a.txt (6 B)");
  assertStringIncludes(done.err, "a.txt is sent");
  for (
    const [path, to, why] of [["/nowhere", "#lobby", "no such file"], [
      "a.txt",
      "nobody",
      "no user named nobody",
    ]]
  ) {
    const { code, err } = await send(path === "a.txt" ? `${folder}/a.txt` : path!, to!);
    assertEquals(code, 8, err);
    assertStringIncludes(err, why!);
  }
});

Deno.test("a pipe that receives saves what is offered, and tells it as JSON; without that nothing is fetched", async () => {
  await using after = new AsyncDisposableStack();
  const folder = temporary(after);
  await using server = await openServer({ files: `${folder}/kept` });
  const here = `127.0.0.1:${server.port}`;
  await Deno.writeTextFile(`${folder}/a.txt`, "a file");
  await using bob = new Program(
    "connect",
    here,
    "--name",
    "bob",
    "--json",
    "--receive",
    `${folder}/in`,
    "--follow",
  );
  await using eve = new Program("connect", here, "--name", "eve", "--json", "--follow");
  for (const each of [bob, eve]) {
    await each.write("here\n");
    await each.line();
  }
  await run(["connect", here, "--name", "ci", "--send", `${folder}/a.txt`]);
  const states: string[] = [];
  while (states.at(-1) !== "saved") {
    const line = JSON.parse(await bob.line());
    if (line.type === "transfer") states.push(line.state);
  }
  assertEquals(states[0], "offered");
  assertEquals(await Deno.readTextFile(`${folder}/in/a.txt`), "a file");
  let offered;
  while (offered?.type !== "transfer") offered = JSON.parse(await eve.line());
  assertEquals([offered.v, offered.state, offered.name, offered.size], [1, "offered", "a.txt", 6]);
});

Deno.test("a pipe that only looks in saves what was kept for its account, and ends when it has it", async () => {
  await using after = new AsyncDisposableStack();
  const folder = temporary(after);
  await using server = await openServer({ files: `${folder}/kept` });
  const connect = ["connect", `127.0.0.1:${server.port}`, "--name"];
  await Deno.writeTextFile(`${folder}/password`, "a long password", { mode: 0o600 });
  const bob = [...connect, "bob", "--register", "--password-file", `${folder}/password`];
  const state = { state: `${folder}/bob` };
  assertEquals((await run(bob, "", state)).code, 0);
  for (let n = 1; n <= 4; n++) {
    await Deno.writeTextFile(`${folder}/${n}.txt`, `file ${n}`);
    await run([...connect, "alice", "--send", `${folder}/${n}.txt`, "--to", "bob"]);
    const { code, err } = await run([...bob, "--receive", `${folder}/in`], "", state);
    assertEquals(code, 0, err);
    assertEquals(await Deno.readTextFile(`${folder}/in/${n}.txt`), `file ${n}`);
  }
});
