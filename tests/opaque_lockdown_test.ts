import { assert, assertEquals } from "@std/assert";
import { OpaqueHost } from "../server/accounts/opaque_host.ts";
import { closureOf } from "./support/imports.ts";
import { PROBES } from "./support/lockdown_probes.ts";
import { somePeople } from "./support/people.ts";
import { ACTS } from "./support/unlocked_session_worker.ts";

const rogue = new URL("./support/rogue_opaque_worker.ts", import.meta.url);
const unlocked = new URL("./support/unlocked_opaque_worker.ts", import.meta.url);

function open(entry: URL, reports: string[] = []): Promise<OpaqueHost> {
  const report = (error: Error) => void reports.push(error.message);
  return OpaqueHost.open({ people: somePeople(), clock: () => 0, report, entry });
}

Deno.test(`[K05] ${PROBES.length} ways out of the OPAQUE Worker are closed`, async (t) => {
  await using host = await open(rogue);
  for (const [n, [name]] of PROBES.entries()) {
    await t.step(name, async () => {
      const answer = await host.login({ name: "alice", credential: undefined, request: `probe_${n}` });
      // Lost is as good: to try was the end of the Worker.
      assert(
        answer.type === "lost" || answer.type === "login" && answer.text === "refused",
        JSON.stringify(answer),
      );
    });
  }
});

Deno.test(`[K05] an OPAQUE Worker without its lockdown still has no permission for ${ACTS.length} acts`, async () => {
  await using host = await open(unlocked);
  for (const [n, [name]] of ACTS.entries()) {
    const answer = await host.login({ name: "alice", credential: undefined, request: `${n}` });
    assertEquals(answer, { type: "login", text: "refused-true", login: n + 1 }, name);
  }
  assertEquals(await Deno.stat("/tmp/chat-probe").catch(() => "none"), "none");
});

Deno.test("[K05] the OPAQUE Worker loads the library, the lockdown and its own words; no session loads any of it", async () => {
  assertEquals(await closureOf("server/accounts/opaque_worker.ts"), [
    "@serenity-kit/opaque",
    "server/accounts/opaque_worker.ts",
    "server/session_lockdown.ts",
  ]);
  for (const path of await closureOf("server/session_worker.ts")) {
    assert(!path.includes("accounts/") && !path.includes("opaque"), path);
  }
});

Deno.test("[K05] the server's own thread does not load OPAQUE, but for the Worker that has it", async () => {
  const loaded = (await closureOf("server/accounts/opaque_host.ts")).filter((path) =>
    path.includes("opaque")
  );
  assertEquals(loaded, [
    "@serenity-kit/opaque", // by way of the Worker
    "server/accounts/opaque_host.ts",
    "server/accounts/opaque_link.ts",
    "server/accounts/opaque_worker.ts",
  ]);
});
