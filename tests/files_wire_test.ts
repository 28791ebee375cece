import { assert, assertEquals } from "@std/assert";
import { DEFAULT_LIMITS, type Limits } from "../server/limits.ts";
import { chunk, chunks, Freight } from "./support/freight.ts";
import { eventually, type House, openHouse } from "./support/house.ts";
import { temporary } from "./support/temporary.ts";
import type { Of, Wire } from "./support/wire.ts";

const CHUNK = 65_536;

/** A house that keeps files; `folder` is where. */
async function open(
  after: AsyncDisposableStack,
  limits: Partial<Limits> = {},
): Promise<House & { readonly folder: string }> {
  const folder = `${temporary(after)}/files`;
  const house = after.use(await openHouse({ limits, files: folder }));
  return Object.assign(house, { folder });
}

/** Bytes that are not all the same. */
function bytesOf(size: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: size }, (_, i) => (i * 31 + (i >> 8)) & 0xff);
}

async function asked<T extends "upload" | "download">(
  wire: Wire,
  type: T,
  more: object,
): Promise<Of<T>> {
  await wire.send({ type, ...more });
  return await wire.until(type);
}

/** How many files lie in a folder. */
async function count(folder: string): Promise<number> {
  return (await Array.fromAsync(Deno.readDir(folder))).length;
}

/** Why it was refused. */
async function refused(
  wire: Wire,
  request: object,
): Promise<{ readonly code: string; readonly message: string }> {
  await wire.send(request);
  return await wire.until("error");
}

/** Puts a file there. */
async function put(house: House, wire: Wire, to: string, bytes: Uint8Array): Promise<string> {
  const { file, ticket } = await asked(wire, "upload", { to, size: bytes.length });
  using freight = await Freight.open(house.port, ticket, chunks(bytes));
  const words = await freight.rest();
  assertEquals(words.at(-1), { type: "stored", have: bytes.length });
  return file;
}

async function got(house: House, ticket: string): Promise<Uint8Array> {
  using freight = await Freight.open(house.port, ticket);
  const first = await freight.next();
  assert(first?.type === "transfer");
  const parts: Uint8Array[] = [];
  for (let has = first.have; has < first.size;) {
    const came = await freight.next();
    assert(came?.type === "chunk");
    assertEquals(came.channel, 1);
    assertEquals(came.bytes.length, Math.min(CHUNK, first.size - has));
    parts.push(came.bytes);
    has += came.bytes.length;
  }
  return new Uint8Array(await new Blob(parts as Uint8Array<ArrayBuffer>[]).arrayBuffer());
}

Deno.test("[V1] [V2] [V3] a file goes up and comes down as it is, in chunks of 65,536 bytes", async () => {
  await using after = new AsyncDisposableStack();
  const house = await open(after);
  using ann = await house.enter("ann");
  using ben = await house.enter("ben");
  for (const size of [16, CHUNK - 1, CHUNK, CHUNK + 1, 9 * CHUNK + 5]) {
    const bytes = bytesOf(size);
    const file = await put(house, ann, "@ben", bytes);
    for (const have of [0, Math.floor(size / CHUNK) * CHUNK, size]) {
      const { ticket, size: told } = await asked(ben, "download", { file, have });
      assertEquals([told, await got(house, ticket)], [size, bytes.subarray(have)]);
    }
  }
  await house.undisturbed();
});

Deno.test("[V2] a file is handed out while it comes, its last chunk once all of it is stored", async () => {
  await using after = new AsyncDisposableStack();
  const house = await open(after);
  using ann = await house.enter("ann");
  using ben = await house.enter("ben");
  const bytes = bytesOf(5 * CHUNK + 9);
  const { file, ticket } = await asked(ann, "upload", { to: "@ben", size: bytes.length });
  using up = await Freight.open(house.port, ticket);
  const early = await asked(ben, "download", { file });
  using down = await Freight.open(house.port, early.ticket);
  assertEquals(await down.next(), { type: "transfer", size: bytes.length, have: 0 });
  await up.write(chunks(bytes.subarray(0, 3 * CHUNK)));
  for (let n = 0; n < 3; n++) {
    assertEquals(await down.next(), {
      type: "chunk",
      channel: 1,
      bytes: bytes.subarray(n * CHUNK, (n + 1) * CHUNK),
    });
  }
  const late = await asked(ben, "download", { file, have: 4 * CHUNK }); // of which there is nothing yet
  const rest = got(house, late.ticket);
  await up.write(chunks(bytes, 3 * CHUNK));
  assertEquals((await up.rest()).at(-1), { type: "stored", have: bytes.length });
  assertEquals(await rest, bytes.subarray(4 * CHUNK));
  const chunk = async () => {
    const came = await down.next();
    return came?.type === "chunk" ? came.bytes.length : undefined;
  };
  assertEquals([await chunk(), await chunk(), await chunk()], [CHUNK, CHUNK, 9]);
  await ben.send({ type: "fetched", file });
  await ann.until("fetched");
  await house.undisturbed();
});

Deno.test("[V2] whoever waits for the rest of a file that is taken back waits no longer", async () => {
  await using after = new AsyncDisposableStack();
  const house = await open(after);
  using ann = await house.enter("ann");
  const { file, ticket } = await asked(ann, "upload", { to: "lobby", size: 3 * CHUNK });
  using up = await Freight.open(house.port, ticket, chunks(bytesOf(CHUNK)));
  const { ticket: early } = await asked(ann, "download", { file });
  using down = await Freight.open(house.port, early);
  assertEquals([(await down.next())?.type, (await down.next())?.type], ["transfer", "chunk"]);
  await ann.send({ type: "withdraw", file });
  assertEquals(await down.rest(), []);
  assertEquals((await up.rest()).some((each) => each.type === "error"), false);
  assertEquals((await refused(ann, { type: "download", file })).code, "file");
});

Deno.test("[V5] who is fetched from hears that all is stored, whatever comes first", async () => {
  await using after = new AsyncDisposableStack();
  const house = await open(after);
  using ann = await house.enter("ann");
  using ben = await house.enter("ben");
  for (let n = 0; n < 20; n++) {
    const bytes = bytesOf(2 * CHUNK);
    const { file, ticket } = await asked(ann, "upload", { to: "@ben", size: bytes.length });
    using up = await Freight.open(house.port, ticket);
    const { ticket: early } = await asked(ben, "download", { file });
    const whole = got(house, early).then(() => ben.send({ type: "fetched", file }));
    await up.write(chunks(bytes));
    await whole;
    assertEquals((await up.rest()).at(-1), { type: "stored", have: bytes.length });
  }
});

Deno.test("[V4] [H09] what breaks off in the middle of a chunk is gone on with from the last whole one", async () => {
  await using after = new AsyncDisposableStack();
  const house = await open(after);
  using ann = await house.enter("ann");
  const bytes = bytesOf(40 * CHUNK + 7);
  const first = await asked(ann, "upload", { to: "lobby", size: bytes.length });
  {
    using freight = await Freight.open(house.port, first.ticket);
    assertEquals(await freight.next(), { type: "transfer", size: bytes.length, have: 0 });
    await freight.write(chunks(bytes.subarray(0, 3 * CHUNK)));
    await freight.write(chunks(bytes).subarray(3 * (CHUNK + 8), 3 * (CHUNK + 8) + 1_000));
  }
  const { file } = first;
  await eventually("what came is stored", async () => {
    return (await asked(ann, "upload", { to: "lobby", size: bytes.length, file })).have === 3 * CHUNK;
  });
  const { ticket } = await asked(ann, "upload", { to: "lobby", size: bytes.length, file });
  using freight = await Freight.open(house.port, ticket);
  assertEquals(await freight.next(), { type: "transfer", size: bytes.length, have: 3 * CHUNK });
  await freight.write(chunks(bytes, 3 * CHUNK));
  assertEquals((await freight.rest()).at(-1), { type: "stored", have: bytes.length });
  const down = await asked(ann, "download", { file });
  assertEquals(await got(house, down.ticket), bytes);
});

Deno.test("[V3] [H04] less, more, other chunks, other channels and other frames than were announced: file_size, and nothing whole", async () => {
  await using after = new AsyncDisposableStack();
  const house = await open(after, { fileUploads: 1_000 });
  using ann = await house.enter("ann");
  const size = 2 * CHUNK + 10;
  const wrong: Readonly<Record<string, Uint8Array<ArrayBuffer>>> = {
    "a short chunk": chunk(bytesOf(100)),
    "an empty chunk": chunk(new Uint8Array(0)),
    "a last chunk that is too long": chunks(bytesOf(2 * CHUNK + 11)),
    "a last chunk that is too short": chunks(bytesOf(2 * CHUNK + 9)),
    "another channel": chunk(bytesOf(CHUNK), 2),
    "a frame of JSON": new Uint8Array([0, 0, 0, 2, 0x7b, 0x7d]),
    "a frame of nothing": new Uint8Array([0x80, 0, 0, 0]),
    "a frame without a channel": new Uint8Array([0x80, 0, 0, 2, 0, 1]),
    "a frame that is too long": new Uint8Array([0xff, 0xff, 0xff, 0xff]),
  };
  for (const [what, bytes] of Object.entries(wrong)) {
    const { file, ticket } = await asked(ann, "upload", { to: "lobby", size });
    using freight = await Freight.open(house.port, ticket, bytes);
    const last = (await freight.rest()).at(-1);
    assertEquals([last?.type, last?.type === "error" && last.code], ["error", "file_size"], what);
    const { have } = await asked(ann, "upload", { to: "lobby", size, file });
    assert(have < size, what);
  }
  for (const size of [-1, 1.5, 2 ** 53, "12", null]) {
    assertEquals((await refused(ann, { type: "upload", to: "lobby", size })).code, "schema", String(size));
  }
  await house.undisturbed();
});

Deno.test("[V3] a ticket is good once, and only as a first word; a wrong one is fatal", async () => {
  await using after = new AsyncDisposableStack();
  const house = await open(after);
  using ann = await house.enter("ann");
  const bytes = bytesOf(100);
  const { ticket } = await asked(ann, "upload", { to: "lobby", size: bytes.length });
  {
    using freight = await Freight.open(house.port, ticket, chunks(bytes));
    assertEquals((await freight.rest()).at(-1)?.type, "stored");
  }
  for (const each of [ticket, "A".repeat(43)]) {
    using freight = await Freight.open(house.port, each);
    const [first, ...more] = await freight.rest();
    assertEquals([first?.type, first?.type === "error" && [first.code, first.fatal], more], ["error", [
      "file",
      true,
    ], []]);
  }
  assertEquals((await refused(ann, { type: "transfer", ticket: "A".repeat(43) })).code, "state");
});

Deno.test("[V2] [H11] who may not have a file hears the same as if there were none: 10,000 guesses, and a real id", async () => {
  await using after = new AsyncDisposableStack();
  const house = await open(after);
  using ann = await house.enter("ann");
  using _ben = await house.enter("ben");
  using eve = await house.enter("eve");
  await ann.send({ type: "join", room: "secret" });
  const whispered = await put(house, ann, "@ben", bytesOf(10));
  const inRoom = await put(house, ann, "secret", bytesOf(10));
  const { file: unfinished } = await asked(ann, "upload", { to: "secret", size: 10 });
  const guesses = Array.from(
    { length: 10_000 },
    () => crypto.getRandomValues(new Uint8Array(16)).toBase64({ alphabet: "base64url", omitPadding: true }),
  );
  const [one] = guesses;
  const none = await refused(eve, { type: "download", file: one });
  assertEquals(none.code, "file");
  for (const file of [...guesses, whispered, inRoom, unfinished]) {
    for (const type of ["download", "fetched", "withdraw"]) {
      if (type !== "download" && guesses.includes(file) && file !== one) continue;
      assertEquals((await refused(eve, { type, file })).message, none.message);
    }
    if (!guesses.includes(file)) {
      assertEquals(
        (await refused(eve, { type: "upload", to: "lobby", size: 10, file })).message,
        none.message,
      );
    }
  }
  assertEquals((await refused(eve, { type: "upload", to: "secret", size: 1 })).code, "not_member");
  assertEquals((await refused(eve, { type: "upload", to: "@nobody", size: 1 })).code, "unknown_user");
  assertEquals((await asked(ann, "download", { file: inRoom })).size, 10);
});

Deno.test("[V1] [H07] 200 uploads at once take no more than the limits allow, and say so before the first byte", async () => {
  await using after = new AsyncDisposableStack();
  const house = await open(after, {
    fileBytes: 1_000,
    fileOwnerBytes: 5_000,
    fileTotalBytes: 12_000,
    fileUploads: 1_000,
  });
  const wires = [];
  for (let i = 0; i < 20; i++) wires.push(after.use(await house.enter(`u${i}`)));
  const upload = { type: "upload", to: "lobby", size: 1_064 };
  const outcomes = await Promise.all(wires.map(async (wire) => {
    await wire.send(...Array.from({ length: 10 }, () => upload));
    return (await wire.fence()).flatMap((event) =>
      event.type === "error" ? [event.code] : event.type === "upload" ? [event.type] : []
    );
  }));
  const all = outcomes.flat();
  assertEquals(all.length, 200);
  assertEquals(all.filter((each) => each === "upload").length, 11); // 11 times 1,064 are the most below 12,000
  assert(all.every((each) => each === "upload" || each === "file_quota"));
  assert(outcomes.every((each) => each.filter((one) => one === "upload").length <= 4)); // 5,000 of one owner
  assertEquals(await count(house.folder), 22);
  assertEquals((await refused(wires[0]!, { ...upload, size: 1_065 })).code, "file_size");
});

Deno.test("[V1] more uploads at once than one may have on their way are refused, until one is over", async () => {
  await using after = new AsyncDisposableStack();
  const house = await open(after, { fileUploads: DEFAULT_LIMITS.fileUploads });
  using ann = await house.enter("ann");
  const tickets: string[] = [];
  for (let i = 0; i < 3; i++) tickets.push((await asked(ann, "upload", { to: "lobby", size: 5 })).ticket);
  assertEquals((await refused(ann, { type: "upload", to: "lobby", size: 5 })).code, "file_quota");
  using freight = await Freight.open(house.port, tickets[0]!, chunks(bytesOf(5)));
  await freight.rest();
  assertEquals((await asked(ann, "upload", { to: "lobby", size: 5 })).have, 0);
});

Deno.test("[V5] fetched removes what was for one person, tells the owner, and nobody else; withdraw is the owner's", async () => {
  await using after = new AsyncDisposableStack();
  const house = await open(after);
  using ann = await house.enter("ann");
  using ben = await house.enter("ben");
  const forBen = await put(house, ann, "@ben", bytesOf(10));
  const forAll = await put(house, ann, "lobby", bytesOf(10));
  assertEquals((await refused(ben, { type: "withdraw", file: forBen })).code, "file");
  for (const file of [forBen, forAll]) {
    await ben.send({ type: "fetched", file, ref: "f" });
    assertEquals(await ben.until("fetched"), { type: "fetched", file, user: "ben", ref: "f" });
    assertEquals(await ann.until("fetched"), { type: "fetched", file, user: "ben" });
  }
  assertEquals((await refused(ben, { type: "download", file: forBen })).code, "file");
  // Who sent it may not have heard that all of it came, and need not send it again.
  assertEquals((await asked(ann, "upload", { to: "@ben", size: 10, file: forBen })).have, 10);
  assertEquals((await refused(ben, { type: "upload", to: "@ann", size: 10, file: forBen })).code, "file");
  assertEquals((await asked(ben, "download", { file: forAll })).size, 10);
  await ann.send({ type: "withdraw", file: forAll });
  assertEquals((await ann.until("withdrawn")).file, forAll);
  assertEquals((await refused(ben, { type: "download", file: forAll })).code, "file");
  assertEquals(await count(house.folder), 0);
  await house.undisturbed();
});

Deno.test("[V4] files outlive the server, unfinished ones with what was stored; what is too old does not", async () => {
  await using after = new AsyncDisposableStack();
  const folder = `${temporary(after)}/files`;
  const bytes = bytesOf(CHUNK + 1);
  let now = 1_000_000;
  const wall = () => now;
  let file: string;
  let unfinished: string;
  {
    await using house = await openHouse({ files: folder, wall });
    using ann = await house.enter("ann");
    file = await put(house, ann, "lobby", bytes);
    const begun = await asked(ann, "upload", { to: "lobby", size: bytes.length });
    unfinished = begun.file;
    {
      using freight = await Freight.open(house.port, begun.ticket, chunks(bytes.subarray(0, CHUNK)));
      await freight.next();
    }
    await eventually("it is stored", async () => {
      return (await asked(ann, "upload", { to: "lobby", size: bytes.length, file: unfinished })).have ===
        CHUNK;
    });
  }
  await Deno.writeFile(`${folder}/nobody-knows-this`, bytes);
  {
    await using house = await openHouse({ files: folder, wall });
    using ann = await house.enter("ann");
    assertEquals(await got(house, (await asked(ann, "download", { file })).ticket), bytes);
    assertEquals(await count(folder), 4, "two files and what is known of them");
    now += 25 * 3_600_000;
    await eventually("what was not finished is gone", async () => (await count(folder)) === 2);
    assertEquals((await asked(ann, "download", { file })).size, bytes.length);
    now += 30 * 24 * 3_600_000;
    await eventually("all is gone", async () => (await count(folder)) === 0);
    assertEquals((await refused(ann, { type: "download", file })).code, "file");
  }
});

Deno.test("a server that keeps nothing takes no files, and says so", async () => {
  await using house = await openHouse();
  using ann = await house.enter("ann");
  const { code, message } = await refused(ann, { type: "upload", to: "lobby", size: 1 });
  assertEquals([code, message.includes("--ephemeral")], ["file", true]);
});

Deno.test("[B04] a connection that carries a file is no stranger, and is counted once when it goes", async () => {
  await using after = new AsyncDisposableStack();
  const house = await open(after, { strangersPerAddress: 2 });
  using ann = await house.enter("ann");
  for (let n = 0; n < 5; n++) await put(house, ann, "lobby", bytesOf(10));
  const { ticket } = await asked(ann, "upload", { to: "lobby", size: 10 });
  using carrying = await Freight.open(house.port, ticket);
  assertEquals((await carrying.next())?.type, "transfer");
  using one = await house.open();
  await one.send({ type: "ping" });
  assertEquals((await one.until("error")).code, "not_signed_in");
  using two = await house.open();
  await two.send({ type: "ping" });
  assertEquals((await two.until("error")).code, "not_signed_in");
  using three = await house.open();
  assertEquals((await three.until("error")).code, "ip_limit");
});
