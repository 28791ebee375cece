import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { look } from "../client/trust/look.ts";
import { fingerprintOf } from "../server/tls/fingerprint.ts";
import { type Certificate, selfSigned } from "../server/tls/self_signed.ts";
import { eventually } from "./support/house.ts";
import { Served } from "./support/served.ts";
import { temporary } from "./support/temporary.ts";
import { signedIn, type Watched } from "./support/watched.ts";
import { way } from "./support/way.ts";
import { HOST } from "./support/wrong_certificates.ts";

const MAIN = new URL("../main.ts", import.meta.url).pathname;
const CHAT = [Deno.execPath(), "run", "--quiet", "-A", MAIN];
const PEOPLE = 6;
const RENEWALS = 4;

/** Somebody who comes over TLS, and takes what is shown as it is. */
async function enter(port: number, name: string): Promise<Watched> {
  const dial = await way(port, undefined);
  return await signedIn(port, name, { dial: (tell) => dial.dial(tell) });
}

async function shows(port: number, certificate: Certificate): Promise<boolean> {
  const shown = await look(HOST, port);
  return shown?.digest.toHex() === (await fingerprintOf(certificate)).toHex();
}

Deno.test({
  name:
    "[J04] certificates change on SIGHUP while everybody talks: nobody is cut off, nothing is lost, who comes sees the new one",
  ignore: Deno.build.os === "windows", // there is no such signal
  async fn() {
    await using after = new AsyncDisposableStack();
    const folder = temporary(after);
    const [cert, key] = [`${folder}/cert.pem`, `${folder}/key.pem`];
    const put = async (certificate: Certificate) => {
      await Deno.writeTextFile(cert, certificate.cert);
      await Deno.writeTextFile(key, certificate.key);
    };
    await put(await selfSigned());
    const server = after.use(await Served.start(CHAT, "--tls-cert", cert, "--tls-key", key, "--no-limits"));
    const { port, pid } = server;
    const people: Watched[] = [];
    for (let n = 0; n < PEOPLE; n++) people.push(after.use(await enter(port, `p${n}`)));
    let renewing = true;
    const talking = people.map(async ({ client }) => {
      let said = 0;
      while (renewing) {
        client.say("#lobby", `${said++}`);
        await client.settled();
      }
      return said;
    });
    for (const each of talking) each.catch(() => {}); // awaited below
    /** Everybody says something from now on. */
    const goesOn = async () => {
      const before = people[0]!.shown("#lobby").length;
      await people[0]!.until(() => people[0]!.shown("#lobby").length >= before + 10 * PEOPLE);
    };
    let last = await selfSigned();
    for (let n = 0; n < RENEWALS; n++) {
      await goesOn();
      last = await selfSigned();
      await put(last);
      Deno.kill(pid, "SIGHUP");
      await eventually("the new one is shown", () => shows(port, last));
    }
    await Deno.writeTextFile(key, "no key at all");
    Deno.kill(pid, "SIGHUP");
    await goesOn();
    const late = after.use(await enter(port, "late"));
    assert(await shows(port, last), "what cannot be used changes nothing");
    await goesOn();
    renewing = false;
    const said = await Promise.all(talking);
    for (const each of people) {
      await each.until(() => each.shown("#lobby").length >= said.reduce((sum, count) => sum + count));
      for (const [n, { client: { name } }] of people.entries()) {
        const lines = each.shown("#lobby").filter((line) => line.startsWith(`${name}: `));
        assertEquals(lines, Array.from({ length: said[n]! }, (_, n) => `${name}: ${n}`));
      }
    }
    assertEquals([...people, late].map((each) => each.count("offline")), new Array(PEOPLE + 1).fill(0));
    const { code, log } = await server.stop();
    assertEquals(code, 0);
    assertEquals(log.match(/"event":"certificate"/g)?.length, 1 + RENEWALS);
    assertStringIncludes(log, '"event":"certificate_kept"');
  },
});
