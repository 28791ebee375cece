import { ByteLog } from "../../server/byte_log.ts";

const MESSAGES = 1_000;
const json = JSON.stringify({
  type: "message",
  room: "lobby",
  seq: 42,
  at: "2026-01-31T12:00:00.000Z",
  from: "alice",
  id: "m1",
  text: "x".repeat(100),
});

Deno.bench({ name: "append 1,000 messages", group: "log", baseline: true }, () => {
  const log = new ByteLog();
  for (let n = 0; n < MESSAGES; n++) log.append(json);
});

for (const members of [1, 100]) {
  Deno.bench({ name: `append 1,000 messages, read by ${members} after every 10`, group: "log" }, () => {
    const log = new ByteLog();
    const cursors = Array.from({ length: members }, () => log.tail());
    for (let n = 1; n <= MESSAGES; n++) {
      log.append(json);
      if (n % 10 > 0) continue;
      for (const cursor of cursors) while (cursor.behind > 0) cursor.take();
    }
  });
}
