import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { Refused } from "../client/chat_client.ts";
import { OpaquePake } from "../client/pake/opaque_pake.ts";
import { preparePassword } from "../client/pake/password.ts";
import { MAX_STRETCHING } from "../protocol/limits.ts";
import { OpaquePeer, QUICK } from "./support/opaque_peer.ts";

Deno.test("[D06] [U1] a password has one form, whatever wrote it, and a bound before any work is put into it", () => {
  const same: [string, string][] = [
    ["a\u030angstro\u0308m", "\u00e5ngstr\u00f6m"],
    ["two\u00a0words\u3000here", "two words here"],
    ["Case Counts", "Case Counts"],
    [" spaces stay ", " spaces stay "],
    ["\ufb01nger", "\ufb01nger"],
    ["🐎".repeat(64), "🐎".repeat(64)],
  ];
  for (const [typed, password] of same) assertEquals(preparePassword(typed), password);
  const refused = [
    "",
    "nul\0byte",
    "tab\there",
    "line\nbreak",
    "\u007fdelete",
    "\u0085next",
    "half \ud83d",
    "x".repeat(257),
    "é".repeat(129),
    "🐎".repeat(65),
    "x".repeat(65_536),
  ];
  for (const typed of refused) {
    const error = assertThrows(() => preparePassword(typed), Refused);
    assertEquals((error as Refused).code, "password");
  }
  assertEquals(preparePassword("x".repeat(256)).length, 256);
  assertEquals(preparePassword("short"), "short");
  assertThrows(() => preparePassword("7 chars", { fresh: true }), Refused, "at least 8");
  assertThrows(() => preparePassword("🐎".repeat(7), { fresh: true }), Refused, "at least 8");
  assertEquals(preparePassword("e\u0301".repeat(8), { fresh: true }), "é".repeat(8));
});

Deno.test("[U3] [U4] a password that was registered signs in, another one does not; the keys stay the same", async () => {
  const peer = await OpaquePeer.make();
  using pake = new OpaquePake();
  const registering = await pake.register("correct horse");
  const answer = peer.registration("alice", registering.request);
  const recorded = await registering.finish(answer, QUICK);
  assertEquals(recorded.serverKey, peer.key);
  peer.keep("alice", recorded.record, QUICK);
  for (
    const [name, password, right] of [["alice", "correct horse", true], ["alice", "wrong horse", false], [
      "bob",
      "correct horse",
      false,
    ]] as const
  ) {
    const login = await pake.login(password);
    const asked = peer.login(name, login.request);
    const proven = await login.finish(asked.response, asked.stretching);
    assertEquals(proven !== undefined, right);
    if (proven === undefined) continue;
    assert(asked.right(proven.proof));
    assertEquals([proven.serverKey, proven.exportKey], [peer.key, recorded.exportKey]);
  }
});

Deno.test("[U1] many at once, each with its own answer", async () => {
  const peer = await OpaquePeer.make();
  using pake = new OpaquePake();
  await Promise.all(Array.from({ length: 8 }, async (_, n) => {
    const begun = await pake.register(`password ${n}`);
    const { record } = await begun.finish(peer.registration(`user ${n}`, begun.request), QUICK);
    peer.keep(`user ${n}`, record, QUICK);
  }));
  for (let n = 0; n < 8; n++) {
    const login = await pake.login(`password ${n}`);
    const { response, stretching } = peer.login(`user ${n}`, login.request);
    assert(await login.finish(response, stretching));
  }
});

Deno.test("an answer that makes no sense is an error, and the next one is dealt with as ever", async () => {
  const peer = await OpaquePeer.make();
  using pake = new OpaquePake();
  for (
    const nonsense of ["", "A", "AAAA", "A".repeat(86), "A".repeat(427), "A".repeat(1_024), "€uro", "=="]
  ) {
    const login = await pake.login("correct horse");
    const error = await assertRejects(() => login.finish(nonsense, QUICK), Refused);
    assertEquals((error as Refused).code, "password_exchange");
    const registering = await pake.register("correct horse");
    await assertRejects(() => registering.finish(nonsense, QUICK), Refused);
  }
  const login = await pake.login("correct horse");
  const { response } = peer.login("nobody", login.request);
  assertEquals(await login.finish(response, QUICK), undefined);
});

Deno.test("[U1] more stretching than is reasonable is refused, without doing any of it", async () => {
  const peer = await OpaquePeer.make();
  using pake = new OpaquePake();
  const { iterations, memory, parallelism } = MAX_STRETCHING;
  for (
    const much of [
      { ...QUICK, iterations: iterations + 1 },
      { ...QUICK, memory: memory + 1 },
      { iterations: 1, memory, parallelism: parallelism + 1 },
      { iterations: 1, memory: 8, parallelism: 2 },
    ]
  ) {
    const login = await pake.login("correct horse");
    const error = await assertRejects(
      () => login.finish(peer.login("a", login.request).response, much),
      Refused,
    );
    assertEquals((error as Refused).code, "stretching");
  }
});

Deno.test("whoever waits for a password is told when it will not be dealt with any more", async () => {
  const pake = new OpaquePake();
  const login = await pake.login("correct horse");
  const waiting = [
    assertRejects(() => pake.register("correct horse"), Refused),
    assertRejects(() => login.finish("AAAA", QUICK), Refused),
  ];
  pake[Symbol.dispose]();
  await Promise.all(waiting);
  await assertRejects(() => pake.login("correct horse"), Refused);
});

Deno.test("the Worker that sees passwords may do nothing else", async () => {
  const text = await Deno.readTextFile(new URL("../client/pake/opaque_pake.ts", import.meta.url));
  assert(/new Worker\(url, \{ type: "module", deno: \{ permissions: "none" \} \}\)/.test(text));
  assertEquals([...text.matchAll(/new Worker\(/g)].length, 1);
});
