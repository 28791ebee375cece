import { assert, assertEquals } from "@std/assert";
import { tcp } from "../client/transport.ts";
import { dumpOf } from "./support/checker/dump.ts";
import { FaultProxy } from "./support/proxy.ts";
import { ServerProcess } from "./support/torture/server_process.ts";
import { tapped } from "./support/torture/tap.ts";
import { Witness } from "./support/torture/witness.ts";

/** Connections cut one after the other, each a byte later than the one before. */
const CUTS = 150;

Deno.test("[F06] a message whose answer is lost again and again is stored once, and answered alike", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await using server = await ServerProcess.start("--port", "0", "--data", folder, "--no-limits");
    let coming = 0;
    let welcome = 0;
    let sent = 0;
    const seqs = new Set<unknown>();
    // The first link passes a welcome and nothing more; from then on a little more of the answer comes each time.
    await using proxy = new FaultProxy(
      server.port,
      (link) => link === 0 || link > CUTS ? {} : { cutAfterDown: welcome + link },
    );
    await using ada = new Witness({
      port: proxy.port,
      name: "ada",
      dial: async () => {
        coming = 0;
        const link = await tcp("127.0.0.1", proxy.port);
        return tapped(link, {
          leaving: ({ type }) => sent += type === "message" ? 1 : 0,
          coming(frame) {
            coming += JSON.stringify(frame).length + 4;
            if (frame.type === "welcome") welcome = coming;
            if (frame.type === "message") seqs.add(frame.seq);
          },
        });
      },
    });
    await ada.told("online");
    proxy.cut();
    ada.chat.say("#lobby", "once and for all");
    await ada.chat.settled();

    assert(sent >= CUTS / 4, `sent ${sent} times`);
    assertEquals([...seqs], [1]);
    assertEquals(ada.shown("#lobby"), ["once and for all"]);
    assertEquals((await dumpOf(`${folder}/chat.db`)).entries.length, 1);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
