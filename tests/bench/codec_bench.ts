import { decodeEvent, decodeRequest, encode } from "../../protocol/codec.ts";
import { ProtocolError } from "../../protocol/errors.ts";
import { HEADER_BYTES } from "../../protocol/limits.ts";
import type { Event, Request } from "../../protocol/schema.ts";

const text = "x".repeat(100);
const request: Request = { type: "message", room: "lobby", id: "m1", text };
const event: Event = {
  ...request,
  type: "message",
  room: "lobby",
  id: "m1",
  text,
  seq: 42,
  at: "2026-01-31T12:00:00.000Z",
  from: "alice",
};
const asked = encode(request).subarray(HEADER_BYTES);
const said = encode(event).subarray(HEADER_BYTES);

function bytes(json: string): Uint8Array {
  return new TextEncoder().encode(json);
}

/** What peers should not send, and the way in which it is wrong. */
const WRONG: Readonly<Record<string, Uint8Array>> = {
  "a wrong field": bytes(`{"type":"message","room":"lobby","id":"m1","text":7}`),
  "an unknown type": bytes(`{"type":"teleport","room":"lobby"}`),
  "no JSON": bytes(`{"type":"message","room":`),
  "a duplicate key": bytes(`{"type":"ping","type":"ping"}`),
  "64 KiB of brackets": bytes("[".repeat(65_536)),
  "64 KiB of one string": bytes(`{"type":"message","room":"lobby","id":"m1","text":"${"y".repeat(65_000)}"}`),
};

Deno.bench({ name: "encode a message", group: "encode" }, () => {
  encode(event);
});

Deno.bench({ name: "decode a request", group: "decode", baseline: true }, () => {
  decodeRequest(asked);
});
Deno.bench({ name: "decode an event", group: "decode" }, () => {
  decodeEvent(said);
});
for (const [what, payload] of Object.entries(WRONG)) {
  Deno.bench({ name: `refuse ${what}`, group: "decode" }, () => {
    try {
      decodeRequest(payload);
    } catch (error) {
      if (error instanceof ProtocolError) return;
      throw error;
    }
    throw new Error(`${what} was taken`);
  });
}
