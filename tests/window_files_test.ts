import { assert, assertEquals } from "@std/assert";
import { openServer } from "./support/chat_pane.ts";
import { windowTest } from "./support/chromium.ts";
import { temporary } from "./support/temporary.ts";
import { ChatWindow } from "./support/window.ts";

windowTest("window: a file is dropped on a conversation, offered, and saved by the other one", async () => {
  await using after = new AsyncDisposableStack();
  const folder = temporary(after);
  await using server = await openServer({ files: `${folder}/kept` });
  const env = { XDG_DOWNLOAD_DIR: `${folder}/downloads` };
  await using alice = await ChatWindow.online(server.port, "alice", { env });
  await using bob = await ChatWindow.online(server.port, "bob", { env });
  const text = "<script>document.title = 'owned'</script>";
  const transfer = await alice.page.evaluateHandle(`(() => {
    const data = new DataTransfer();
    data.items.add(new File([${JSON.stringify(text)}], "page.html", { type: "text/html" }));
    return data;
  })()`);
  await alice.page.dispatchEvent("main", "drop", { dataTransfer: transfer });
  await alice.page.getByText("page.html is sent: all in #lobby can fetch it").waitFor();
  const files = bob.page.getByRole("list", { name: "Files" });
  await files.getByText("alice offers page.html (41 B) in #lobby").waitFor();
  await files.getByRole("button", { name: "Save page.html" }).click();
  await files.getByText("page.html is saved as").waitFor();
  assertEquals(await Deno.readTextFile(`${folder}/downloads/page.html`), text);
  await files.getByRole("button", { name: "Dismiss page.html" }).click();
  await files.waitFor({ state: "detached" });
  assertEquals(await bob.page.title() === "owned", false);
});

windowTest(
  "[H13] window: files are taken in only from the window itself, and never handed out as pages",
  async () => {
    await using after = new AsyncDisposableStack();
    const folder = temporary(after);
    await using server = await openServer({ files: `${folder}/kept` });
    await using alice = await ChatWindow.online(server.port, "alice");
    const at = `${alice.origin}/files?to=%23lobby&name=x.html`;
    for (const method of ["GET", "PUT", "HEAD"]) {
      const { status } = await fetch(at, { method });
      assertEquals(status, 405, method);
    }
    const token = await alice.page.evaluate<string>(`localStorage.getItem("token")`);
    const tries: Readonly<Record<string, string>>[] = [
      {},
      { origin: alice.origin },
      { origin: alice.origin, "x-chat-token": token },
      { origin: "http://evil.example", "x-chat-token": token },
    ];
    for (const headers of tries) {
      const answer = await fetch(at, { method: "POST", headers, body: "<script>1</script>" });
      assertEquals(answer.status, 403);
      await answer.body?.cancel();
    }
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`;
    await Deno.writeTextFile(`${folder}/a.svg`, svg);
    await alice.page.setInputFiles("input[type=file]", `${folder}/a.svg`);
    await alice.page.getByText("a.svg is sent").waitFor();
    for (const path of ["/files/a.svg", "/a.svg", "/files"]) {
      const answer = await fetch(`${alice.origin}${path}`);
      assert(answer.status === 404 || answer.status === 405, path);
      await answer.body?.cancel();
    }
  },
);
