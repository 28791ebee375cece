import { assert, assertEquals } from "@std/assert";
import { openChat, openServer } from "./support/chat_pane.ts";
import { temporary } from "./support/temporary.ts";
import { terminalTest } from "./support/tmux.ts";
import { welcomed } from "./support/wire.ts";

terminalTest("terminal: a file is sent, offered, accepted and listed; a wrong path says so", async () => {
  await using after = new AsyncDisposableStack();
  const folder = temporary(after);
  await using server = await openServer({ files: `${folder}/kept` });
  const env = { XDG_DOWNLOAD_DIR: `${folder}/downloads`, HOME: folder };
  await using ada = await openChat(server.port, "ada", { env });
  await using bob = await openChat(server.port, "bob", { env });
  await Deno.writeTextFile(`${folder}/cake recipe.txt`, "flour, eggs");
  await ada.enter("/send bob ~/nothing.txt");
  await ada.until("there is no such file");
  await ada.enter("/send bob ~/cake recipe.txt");
  await ada.until("cake recipe.txt is sent: bob can fetch it, and you may leave");
  await bob.until("ada offers cake recipe.txt (11 B): /accept 1 saves it");
  await bob.enter("/accept");
  await bob.until("cake recipe.txt is saved as");
  await ada.until("bob has fetched cake recipe.txt");
  assertEquals(await Deno.readTextFile(`${folder}/downloads/cake recipe.txt`), "flour, eggs");
  await ada.enter("/transfers");
  await ada.until("1: bob has fetched cake recipe.txt");
  await bob.enter("/accept 7");
  await bob.until("There is no such transfer 7");
  await bob.enter("/cancel");
  await bob.until("There is nothing to do that with");
});

terminalTest("[H03] terminal: a hostile file name moves nothing, and its kind stands apart", async () => {
  await using after = new AsyncDisposableStack();
  const folder = temporary(after);
  await using server = await openServer({ files: `${folder}/kept` });
  await using bob = await openChat(server.port, "bob");
  using eve = await welcomed(server.port, "eve");
  const name = "\u202egpj.\u001b[2Jholiday\u0007.jpg.exe";
  const file = { file: "A".repeat(22), name, size: 1, key: "A".repeat(43), hash: "0".repeat(64) };
  await eve.send({ type: "whisper", to: "bob", id: "w1", text: "look at this", file });
  await bob.until("eve offers _gpj._[2Jholiday_.jpg.exe [.exe] (1 B): /accept 1 saves it");
  const screen = await bob.screen();
  assert(!screen.includes("\u202e") && screen.includes("look at this"));
});

terminalTest("terminal: a bar shows how far a large file is, and goes when it is there", async () => {
  await using after = new AsyncDisposableStack();
  const folder = temporary(after);
  await using server = await openServer({ files: `${folder}/kept` });
  await using ada = await openChat(server.port, "ada");
  await using _bob = await openChat(server.port, "bob");
  using file = await Deno.open(`${folder}/large.bin`, { write: true, create: true });
  await file.truncate(100 * 1024 * 1024);
  await ada.enter(`/send bob ${folder}/large.bin`);
  await ada.until(/1 large\.bin to bob \[#*-*\] [\d.]+ [kM]?B\/105 MB, \d+ %/);
  await ada.until("large.bin is sent");
  await ada.until((screen) => !/\[#*-*\]/.test(screen));
});
