import { frame, FrameReader } from "../../protocol/frames.ts";

const payload = new Uint8Array(100).fill(0x20);
const FRAMES = 1_000;
const stream = new Uint8Array(FRAMES * (payload.length + 4));
for (let at = 0; at < stream.length; at += payload.length + 4) stream.set(frame(payload), at);

function read(slice: number): void {
  const reader = new FrameReader({ welcomed: true });
  let frames = 0;
  for (let at = 0; at < stream.length; at += slice) {
    for (const _ of reader.push(stream.subarray(at, at + slice))) frames++;
  }
  if (frames !== FRAMES) throw new Error(`${frames} frames came out of ${FRAMES}`);
}

Deno.bench({ name: "1,000 frames of 100 bytes in one chunk", group: "frames", baseline: true }, () => {
  read(stream.length);
});
Deno.bench({ name: "the same in chunks of 1,460 bytes", group: "frames" }, () => read(1_460));
Deno.bench({ name: "the same in chunks of 7 bytes", group: "frames" }, () => read(7));
