import { assertEquals, assertMatch } from "@std/assert";
import { ServerProcess } from "./support/torture/server_process.ts";
import { welcomed } from "./support/wire.ts";

Deno.test("[F26] a second server on a data folder ends with 75, and the first one goes on as if nothing were", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await using first = await ServerProcess.start("--port", "0", "--data", folder);
    using ada = await welcomed(first.port, "ada");
    for (const id of ["m1", "m2", "m3"]) {
      await using second = new ServerProcess("--port", "0", "--data", folder);
      const ended = second.ended;
      await ada.send({ type: "message", room: "lobby", id, text: "still here?" });
      assertEquals((await ada.until("message")).id, id);
      assertEquals(await ended, 75);
      assertMatch(second.said, /another server|in use|already/i);
    }
    assertEquals((await ada.fence()).length, 0);

    await first.kill();
    await using next = await ServerProcess.start("--port", "0", "--data", folder);
    using bob = await welcomed(next.port, "bob");
    assertEquals(bob.welcome.rooms.find(({ room }) => room === "lobby")?.seq, 3);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
