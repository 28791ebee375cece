import { assert, assertEquals } from "@std/assert";
import { RoomMaking } from "../server/room_making.ts";
import { folderBytes } from "./support/folder_bytes.ts";
import { asked, helloWith, registered } from "./support/member.ts";
import { Served } from "./support/served.ts";
import { temporary } from "./support/temporary.ts";
import { Wire } from "./support/wire.ts";

const MAIN = new URL("../main.ts", import.meta.url).pathname;
const CHAT = [Deno.execPath(), "run", "--quiet", "-A", MAIN];
const HOUR_MS = 3_600_000;
const FROM = "127.77.3.9";

Deno.test({
  name: "[X13] from where somebody came is neither in the data nor in the log",
  ignore: Deno.build.os !== "linux", // elsewhere there is one address of this machine
  async fn() {
    await using after = new AsyncDisposableStack();
    const folder = temporary(after);
    const server = after.use(await Served.start(CHAT, "--data", `${folder}/data`));
    using wire = await Wire.open(server.port, { from: FROM });
    await registered(wire, "alice", "correct horse battery").then(({ type }) =>
      assertEquals(type, "enrolled")
    );
    assertEquals((await helloWith(wire, "alice", "correct horse battery")).type, "welcome");
    assertEquals((await asked(wire, { type: "join", room: "garden" }, "joined")).type, "joined");
    await wire.send({ type: "message", room: "garden", id: "m1", text: "here I am" });
    await wire.until("message");
    using wrong = await Wire.open(server.port, { from: FROM });
    assertEquals((await helloWith(wrong, "alice", "wrong horse battery")).type, "error");
    using noise = await Wire.open(server.port, { from: FROM });
    await noise.write(new TextEncoder().encode("GET / HTTP/1.1\r\n\r\n"));
    assertEquals((await noise.rest()).map(({ type }) => type), ["error"]);
    const { log } = await server.stop("SIGTERM");
    const kept = await folderBytes(`${folder}/data`);
    assert(kept.includes("here I am"), "looking finds something");
    for (const bytes of [kept, log]) assert(!bytes.includes(FROM));
  },
});

Deno.test("[X13] who has made a room is forgotten within a day, however few may be made", () => {
  for (const perHour of [5, 0.01, 0, Infinity]) {
    let now = 1_000;
    const making = new RoomMaking(perHour, () => now);
    making.make(FROM);
    making.make("127.0.0.2");
    assertEquals(making.size, 2);
    making.sweep(now += HOUR_MS - 1);
    making.make("127.0.0.2");
    making.sweep(now += 23 * HOUR_MS + 1);
    assert(making.size <= 1, `${perHour} an hour`);
    making.sweep(now += HOUR_MS);
    assertEquals(making.size, 0);
  }
});
