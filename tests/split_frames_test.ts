import { assert, assertEquals } from "@std/assert";
import { type House, openHouse } from "./support/house.ts";
import { concat, framed, type Wire } from "./support/wire.ts";

/** One talk that has a bit of everything, as bytes. Names and ids of a run are as long as those of any other. */
function talk(run: string): Uint8Array<ArrayBuffer> {
  const binary = framed("12345678");
  binary[0]! |= 0x80;
  return concat(
    framed({ type: "ping", ref: "early" }),
    framed({ type: "hello", protocol: 1, name: "server", ref: "0" }),
    framed({ type: "hello", protocol: 1, name: `guest-${run}`, ref: "1" }),
    framed({ type: "join", room: `room-${run}`, ref: "2" }),
    framed({ type: "message", room: `room-${run}`, id: `a-${run}`, text: "naïve 𝕥𝕖𝕩𝕥" }),
    framed({ type: "message", room: `room-${run}`, id: `b-${run}`, text: "\\n" }),
    binary,
    framed({ type: "whisper", to: "nobody", id: `c-${run}`, text: "psst", ref: "3" }),
    framed({ type: "whisper", to: `guest-${run}`, id: `d-${run}`, text: "note" }),
    framed({ type: "history", room: `room-${run}`, limit: 1, ref: "4" }),
    framed({ type: "nonsense", ref: "5" }),
    framed({ type: "message", room: `room-${run}`, id: `a-${run}`, text: "naïve 𝕥𝕖𝕩𝕥" }),
    framed({ type: "bye" }),
  );
}

/** Everything that the server says when the talk comes in these slices, without what differs from run to run. */
async function transcript(
  house: House,
  run: number,
  slices: (bytes: Uint8Array) => Uint8Array[],
): Promise<string> {
  const mark = `${run}`.padStart(4, "0");
  using wire = await house.open();
  for (const slice of slices(talk(mark))) {
    await wire.write(slice);
    await new Promise((resolve) => setTimeout(resolve, 0)); // so that the kernel has a chance to hand it over alone
  }
  await wire.rest();
  return masked(wire, mark);
}

function masked(wire: Wire, mark: string): string {
  return wire.payloads.join("\n")
    .replaceAll(new RegExp(`-${mark}\\b`, "g"), "-RUN")
    .replaceAll(/"at":"[^"]{24}"/g, '"at":"TIME"')
    .replaceAll(/"session":"[^"]+"/g, '"session":"SESSION"');
}

/** Whole, with a look at what it holds. */
async function unsplit(house: House): Promise<string> {
  const whole = await transcript(house, 0, (bytes) => [bytes]);
  const types = whole.split("\n").map((line) => line.match(/^\{"type":"(\w+)"/)?.[1]);
  assertEquals(types, [
    "error",
    "error",
    "welcome",
    "joined",
    "message",
    "message",
    "error",
    "error",
    "whisper",
    "history",
    "error",
    "message",
  ]);
  return whole;
}

Deno.test("[A04] [F1] a talk split in two at any byte has the answers of the whole one, byte for byte", async () => {
  await using house = await openHouse();
  const whole = await unsplit(house);
  const { length } = talk("0000");
  assert(length > 700);
  for (let k = 1; k < length; k++) {
    const split = await transcript(house, k, (bytes) => [bytes.subarray(0, k), bytes.subarray(k)]);
    assertEquals(split, whole, `split at ${k}`);
  }
});

Deno.test("[A04] [F1] the same byte by byte, in threes, and with its headers split 1+3, 2+2 and 3+1", async () => {
  await using house = await openHouse();
  const whole = await unsplit(house);
  for (const [run, size] of [[1, 1], [2, 3]] as const) {
    const slices = (bytes: Uint8Array) =>
      Array.from(
        { length: Math.ceil(bytes.length / size) },
        (_, i) => bytes.subarray(i * size, (i + 1) * size),
      );
    assertEquals(await transcript(house, run, slices), whole, `slices of ${size}`);
  }
  for (const first of [1, 2, 3]) {
    assertEquals(
      await transcript(house, 10 + first, (bytes) => headersSplit(bytes, first)),
      whole,
      `${first}`,
    );
  }
});

Deno.test("[A04] [L5] requests in one write, and each in its own, have the same answers in the same order", async () => {
  await using house = await openHouse();
  using one = await house.enter("one");
  using other = await house.enter("other");
  const requests = Array.from({ length: 500 }, (_, n) => {
    const what = n % 5;
    if (what === 0) return { type: "message", room: "lobby", id: "ID-" + n, text: `${n}` };
    if (what === 1) return { type: "history", room: "lobby", limit: 1, ref: `${n}` };
    if (what === 2) return { type: "message", room: "nowhere", id: `i${n}`, text: "x", ref: `${n}` };
    if (what === 3) return { type: "whisper", to: "witness", id: "ID-w" + n, text: `${n}` };
    return { type: "nonsense", ref: `${n}` };
  });
  /** Which request each answer is of. */
  const order = async (wire: Wire, name: string) => {
    const answers = (await wire.fence()).flatMap((event) => {
      if (event.type === "message" || event.type === "whisper") {
        return event.from === name ? [Number(event.text)] : [];
      }
      return "ref" in event ? [Number(event.ref)] : [];
    });
    return answers;
  };
  await one.send(
    ...requests.map((each) => ({ ...each, ...each.id ? { id: each.id.replace("ID", "one") } : {} })),
  );
  assertEquals(await order(one, "one"), requests.map((_, n) => n));
  for (const each of requests) {
    await other.send({ ...each, ...each.id ? { id: each.id.replace("ID", "other") } : {} });
  }
  assertEquals(await order(other, "other"), requests.map((_, n) => n));
});

/** Cuts the bytes so that every frame's header comes in two reads, the first of which has so many bytes. */
function headersSplit(bytes: Uint8Array, first: number): Uint8Array[] {
  const slices: Uint8Array[] = [];
  let from = 0;
  for (let at = 0; at < bytes.length;) {
    slices.push(bytes.subarray(from, at + first));
    from = at + first;
    at += 4 + (new DataView(bytes.buffer, at).getUint32(0) & 0x7fff_ffff);
  }
  return [...slices, bytes.subarray(from)];
}
