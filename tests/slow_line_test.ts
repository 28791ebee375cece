import { assert, assertEquals } from "@std/assert";
import { KnownServer } from "../client/trust/known_server.ts";
import { SecureDial } from "../client/trust/secure_dial.ts";
import { NO_LIMITS } from "../server/limits.ts";
import { serve } from "../server/serve.ts";
import { selfSigned } from "../server/tls/self_signed.ts";
import { type Fault, FaultProxy } from "./support/proxy.ts";
import { randomFrom } from "./support/random.ts";
import { signedIn, type Watched } from "./support/watched.ts";

const HOST = "127.0.0.1";
const LOBBY = "#lobby";

const random = randomFrom(7);
const LINES: readonly (readonly [what: string, fault: Fault, lines: number, cuts?: number])[] = [
  ["300 ms ± 200 under way", { delayMs: () => 100 + 400 * random() }, 80],
  ["64 kbit/s", { bytesPerSecond: 8_000 }, 40],
  [
    "300 ms ± 200 under way, cut three times",
    { delayMs: () => 100 + 400 * random(), cutAfterDown: 12_000 },
    100,
    3,
  ],
];

/** A client over TLS, on a line that leads to a server. */
async function over(port: number, name: string): Promise<Watched> {
  const server = await KnownServer.open(undefined);
  const way = { host: HOST, port, server, plain: false, accept: false, fingerprint: undefined };
  const dial = new SecureDial(way);
  return await signedIn(port, name, { dial: (tell) => dial.dial(tell) });
}

for (const [what, fault, lines, cuts = 0] of LINES) {
  Deno.test(`[J05] a line with ${what}: each message once, in order, both ways; others do not wait`, async () => {
    const limits = { ...NO_LIMITS, holdSeconds: 30 };
    await using server = await serve({ limits, tls: { certificate: await selfSigned(), plain: "allowed" } });
    await using proxy = new FaultProxy(server.port, (connection) => {
      const { cutAfterDown = Infinity, ...slowness } = fault;
      return connection <= cuts ? { ...slowness, cutAfterDown } : slowness; // one more to look at the certificate
    });
    await using slow = await over(proxy.port, "slow");
    await using ann = await over(server.port, "ann");
    await using ben = await over(server.port, "ben");
    const all = [slow, ann, ben];
    for (let n = 0; n < lines; n++) {
      for (const { client } of all) client.say(LOBBY, `${n}`);
      slow.client.say("@ann", `${n}`);
      ann.client.say("@slow", `${n}`);
    }
    const quick = [ann, ben];
    for (const each of quick) {
      await each.until(() => quick.every(({ client: { name } }) => of(each, LOBBY, name).length === lines));
    }
    assert(slow.shown(LOBBY).length < 2 * lines, "whoever is on a good line has waited for the slow one");
    await Promise.all(all.map(({ client }) => client.settled()));
    for (const each of all) {
      await each.until(() => each.shown(LOBBY).length >= 3 * lines);
      for (const { client: { name } } of all) assertEquals(of(each, LOBBY, name), upTo(lines), name);
      assertEquals(each.shown(LOBBY), ben.shown(LOBBY), "all see the same");
    }
    for (const [each, whom] of [[slow, "@ann"], [ann, "@slow"]] as const) {
      await each.until(() => each.shown(whom).length >= 2 * lines);
      for (const name of ["slow", "ann"]) assertEquals(of(each, whom, name), upTo(lines));
    }
    for (const each of quick) assertEquals(each.count("offline"), 0);
    assertEquals(slow.count("offline"), cuts);
  });
}

/** What somebody said in a conversation, as it was shown. */
function of(each: Watched, to: string, name: string): string[] {
  return each.shown(to).filter((line) => line.startsWith(`${name}: `)).map((line) =>
    line.slice(name.length + 2)
  );
}

function upTo(count: number): string[] {
  return Array.from({ length: count }, (_, n) => `${n}`);
}
