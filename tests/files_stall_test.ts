import { assert, assertEquals } from "@std/assert";
import { chunk, chunks, Freight } from "./support/freight.ts";
import { eventually, type House, openHouse } from "./support/house.ts";
import { LongTimers } from "./support/long_timers.ts";
import { temporary } from "./support/temporary.ts";
import { within } from "./support/torture/within.ts";
import type { Wire } from "./support/wire.ts";

const CHUNK = 65_536;
/** How long somebody who does nothing is waited for (V3). */
const STALL_MS = 60_000;
/** Only what goes wrong takes so long. */
const PATIENCE_MS = 10_000;
/** Looks in a row without any news after which there is none. */
const STILL = 20;
/** More than the system keeps for somebody who does not read. */
const LARGE = 400 * CHUNK;

/** A house where one may send one file at a time, and somebody in it. */
async function open(after: AsyncDisposableStack): Promise<{ house: House; ann: Wire; timers: LongTimers }> {
  const timers = after.use(new LongTimers(STALL_MS));
  const files = `${temporary(after)}/files`;
  const house = after.use(await openHouse({ files, limits: { fileUploads: 1 } }));
  return { house, ann: after.use(await house.enter("ann")), timers };
}

/** Asks for room, or to go on with a file: what is there already, or why not. */
async function upload(wire: Wire, size: number, file?: string) {
  await wire.send({ type: "upload", to: "lobby", size, ...file === undefined ? {} : { file } });
  while (true) {
    const event = await wire.next();
    assert(event !== undefined);
    if (event.type === "upload" || event.type === "error") return event;
  }
}

Deno.test("[H08] [V3] [V4] whoever sends nothing for 60 s has no slot any more, and goes on from where it was", async () => {
  await using after = new AsyncDisposableStack();
  const { house, ann, timers } = await open(after);
  const bytes = new Uint8Array(3 * CHUNK).map((_, at) => at * 31);
  const begun = await upload(ann, bytes.length);
  assert(begun.type === "upload");
  {
    using stalled = await Freight.open(house.port, begun.ticket, chunk(bytes.subarray(0, CHUNK)));
    assertEquals((await stalled.next())?.type, "transfer");
    await eventually("it is waited for", () => timers.next === STALL_MS);
    const no = await upload(ann, 10);
    assertEquals(no.type === "error" && no.code, "file_quota", "it has the only slot");
    timers.pass(STALL_MS - 1);
    assertEquals((await upload(ann, 10)).type, "error", "it still has it");
    timers.pass(1);
    await within(PATIENCE_MS, "hanging up", stalled.rest());
    await eventually("the slot is free", async () => {
      const other = await upload(ann, 10);
      if (other.type === "upload") await ann.send({ type: "withdraw", file: other.file });
      return other.type === "upload";
    });
  }
  const again = await upload(ann, bytes.length, begun.file);
  assert(again.type === "upload");
  assertEquals(again.have, CHUNK);
  using freight = await Freight.open(house.port, again.ticket, chunks(bytes, CHUNK));
  assertEquals((await freight.rest()).at(-1), { type: "stored", have: bytes.length });
  await house.undisturbed();
});

Deno.test("[H08] [V3] whoever takes nothing of a file for 60 s is not waited for", async () => {
  await using after = new AsyncDisposableStack();
  const { house, ann, timers } = await open(after);
  const begun = await upload(ann, LARGE);
  assert(begun.type === "upload");
  using sending = await Freight.open(house.port, begun.ticket, chunks(new Uint8Array(LARGE)));
  assertEquals((await sending.rest()).at(-1), { type: "stored", have: LARGE });
  await ann.send({ type: "download", file: begun.file });
  const { ticket } = await ann.until("download");
  using stalled = await Freight.open(house.port, ticket);
  let [made, still] = [0, 0];
  const waits = (next: number | undefined) => {
    still = timers.made === made && timers.next === next ? still + 1 : 0;
    made = timers.made;
    return still > STILL;
  };
  await eventually("nothing more can be written to it", () => waits(STALL_MS));
  timers.pass(STALL_MS);
  still = 0;
  await eventually("nothing more is written to it", () => waits(undefined));
  const came = await within(PATIENCE_MS, "hanging up", stalled.rest());
  const bytes = came.reduce((sum, each) => sum + (each.type === "chunk" ? each.bytes.length : 0), 0);
  assert(bytes < LARGE, "all of it came");
  await house.undisturbed();
});

Deno.test("[H08] whoever sends a chunk byte by byte is not waited for longer than whoever sends nothing", async () => {
  await using after = new AsyncDisposableStack();
  const { house, ann, timers } = await open(after);
  const begun = await upload(ann, 2 * CHUNK);
  assert(begun.type === "upload");
  using dripping = await Freight.open(house.port, begun.ticket, chunk(new Uint8Array(CHUNK)));
  assertEquals((await dripping.next())?.type, "transfer");
  await eventually("it is waited for", () => timers.next === STALL_MS);
  const [...drips] = chunk(new Uint8Array(CHUNK)).subarray(0, 3);
  for (const byte of drips) {
    timers.pass(STALL_MS - 1_000);
    await dripping.write(Uint8Array.of(byte));
    for (let n = 0; n < 5; n++) await ann.fence(); // it has come by now
  }
  await within(PATIENCE_MS, "hanging up", dripping.rest());
});
