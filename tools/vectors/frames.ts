import type { Case } from "../vectors.ts";

const zero = { code: "frame_zero", fatal: true };
const size = { code: "frame_size", fatal: true };
const hello = '{"type":"hello","protocol":1,"name":"alice"}';
const meant = { type: "hello", protocol: 1, name: "alice" };

/** Rules F1 to F5. */
export const FRAMES: readonly Case[] = [
  { name: "a JSON frame", rule: "F1", json: '{"type":"ping"}', means: { type: "ping" } },
  {
    name: "a hello before welcome",
    rule: "F1",
    state: "greeting",
    json: hello,
    means: meant,
    named: "alice",
  },
  { name: "a binary frame", rule: "F2", frame: "8000000500000001ff", means: { binary: "00000001ff" } },
  {
    name: "a binary frame before welcome",
    rule: "F2",
    state: "greeting",
    frame: "8000000500000001ff",
    means: { binary: "00000001ff" },
  },
  { name: "length 0", rule: "F3", frame: "00000000", error: zero },
  { name: "length 0 before welcome", rule: "F3", state: "greeting", frame: "00000000", error: zero },
  { name: "a binary frame of length 0", rule: "F3", frame: "80000000", error: zero },
  { name: "one byte too many, by the header alone", rule: "F3", frame: "00010001", error: size },
  { name: "a binary frame one byte too large", rule: "F3", frame: "80010005", error: size },
  { name: "one byte too many before welcome", rule: "F3", state: "greeting", frame: "00001001", error: size },
  {
    name: "a binary frame one byte too large before welcome",
    rule: "F3",
    state: "greeting",
    frame: "80001001",
    error: size,
  },
  { name: "the largest length there is", rule: "F3", frame: "7fffffff", error: size },
  { name: "all ones", rule: "F3", frame: "ffffffff", error: size },
  {
    name: "exactly 4,096 bytes before welcome",
    rule: "F3",
    state: "greeting",
    json: hello.padEnd(4_096),
    means: meant,
    named: "alice",
  },
  {
    name: "4,097 bytes after welcome",
    rule: "F3",
    json: '{"type":"bye"}'.padEnd(4_097),
    means: { type: "bye" },
  },
  {
    name: "an HTTP request on the port",
    rule: "F3",
    state: "greeting",
    frame: "474554202f20485454502f312e310d0a0d0a",
    error: size,
  },
  {
    name: "a TLS hello on the plain port",
    rule: "F3",
    state: "greeting",
    frame: "16030102000100",
    error: size,
  },
  { name: "an SSH banner", rule: "F3", state: "greeting", frame: "5353482d322e302d780d0a", error: size },
];
