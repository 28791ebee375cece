import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { look } from "../client/trust/look.ts";
import type { Transport } from "../client/transport.ts";
import { openHouse } from "./support/house.ts";
import { ADDRESSES, openLineFrom } from "./support/line.ts";
import { run } from "./support/program.ts";
import { Served } from "./support/served.ts";
import { Speaker } from "./support/speaker.ts";
import { connect } from "./support/watched.ts";

const MAIN = new URL("../main.ts", import.meta.url).pathname;
const CHAT = [Deno.execPath(), "run", "--quiet", "-A", MAIN];

/** Registers a test that needs IPv6; where there is none it is not run, and its name says so. */
function ipv6Test(name: string, test: () => Promise<void>): void {
  const there = hasIpv6();
  Deno.test({ name: there ? name : `${name} (not run: there is no IPv6 here)`, ignore: !there, fn: test });
}

function hasIpv6(): boolean {
  try {
    Deno.listen({ hostname: "::1", port: 0 }).close();
    return true;
  } catch {
    return false;
  }
}

ipv6Test("[J08] --host :: is for IPv6 and IPv4: people meet, however they write the address", async () => {
  await using server = await Served.start(CHAT, "--host", "::");
  const { port } = server;
  const fingerprint = (await look("::1", port))!.digest.toHex();
  const addresses = [
    `[::1]:${port}`,
    `chat://[::1]:${port}#${fingerprint}`,
    `127.0.0.1:${port}`,
    `localhost:${port}`,
  ];
  await using after = new AsyncDisposableStack();
  const people: Speaker[] = [];
  for (const [n, address] of addresses.entries()) {
    people.push(after.use(await Speaker.open(`p${n}`, address)));
  }
  for (const each of people) await each.write(`from ${each.name}\n`);
  for (const each of people) for (const { name } of people) await each.until(`${name}: from ${name}`);
  const wrong = `chat://[::1]:${port}#${"0".repeat(64)}`;
  const { code, err } = await run(["connect", wrong, "--name", "eve"], "hello\n");
  assertEquals(code, 6);
  assertStringIncludes(err, `[::1]:${port} is not the server of this address`);
});

ipv6Test("[J08] a server on an IPv6 address tells an address that the client takes", async () => {
  await using server = await Served.start(CHAT, "--host", "::1");
  const { digest } = (await look("::1", server.port))!;
  const address = `chat://[::1]:${server.port}#${digest.toHex()}`;
  assertEquals((await run(["connect", address, "--name", "ann"], "hello\n")).code, 0);
  assertStringIncludes((await server.stop()).log, JSON.stringify(address));
});

Deno.test({
  name:
    "[J08] somebody comes back from another address while the old link seems alive: nothing is lost, doubled or told",
  ignore: !ADDRESSES,
  async fn() {
    await using house = await openHouse({ limits: { holdSeconds: 30, graceSeconds: 0.5 } });
    const from = [2, 3, 4, 5].map((n) => `127.0.0.${n}`);
    let links = 0;
    let change = () => {};
    await using after = new AsyncDisposableStack();
    const dial = async (): Promise<Transport> => {
      const line = await openLineFrom(from[links++ % from.length]!, house.port);
      after.defer(() => line.close()); // until then the server sees it open
      const gone = Promise.withResolvers<undefined>();
      change = () => gone.resolve(undefined);
      return {
        incoming: (async function* () {
          for (let bytes; (bytes = await Promise.race([line.read(), gone.promise]));) yield bytes;
        })(),
        send: (bytes) => line.write(bytes),
        [Symbol.dispose]: () => {},
      };
    };
    await using alice = connect(0, "alice", { dial });
    await alice.next("online");
    await house.witness.until("joined");
    for (let n = 0; n < 100; n++) {
      alice.client.say("#lobby", `${n}`);
      await house.witness.send({ type: "message", room: "lobby", id: `w${n}`, text: `${n}` });
      if (n % 30 === 20) change();
      if (n % 30 === 29) await alice.next("online"); // what was said meanwhile waited
    }
    await alice.client.settled();
    await alice.until(() => alice.count("entry") >= 200);
    for (const who of ["alice", "witness"]) {
      const lines = alice.shown("#lobby").filter((line) => line.startsWith(`${who}: `));
      assertEquals(lines, Array.from({ length: 100 }, (_, n) => `${who}: ${n}`));
    }
    const seen = await house.witness.fence();
    assertEquals(seen.filter(({ type }) => type === "joined" || type === "left"), []);
    const texts = seen.flatMap((event) =>
      event.type === "message" && event.from === "alice" ? [event.text] : []
    );
    assertEquals(texts, Array.from({ length: 100 }, (_, n) => `${n}`));
    assert(alice.count("offline") === 3 && alice.count("ended") === 0 && links === 4);
  },
});
