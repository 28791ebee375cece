import * as v from "valibot";
import { device, events } from "./events.ts";
import { offer, ref, statement, stretching } from "./fields.ts";
import { requests } from "./requests.ts";

export { isRequest } from "./requests.ts";
export { events, ref, requests };
export { fits, isText, TOO_LONG } from "./text.ts";

/** The union of what a table of schemas lets through. */
type Each<T extends Record<string, v.GenericSchema>> = { [K in keyof T]: v.InferOutput<T[K]> }[keyof T];

export type Request = Each<typeof requests>;
export type Event = Each<typeof events>;
export type Hello = Extract<Request, { type: "hello" }>;
export type Stretching = v.InferOutput<typeof stretching>;
export type DeviceView = v.InferOutput<typeof device>;
export type Offer = v.InferOutput<typeof offer>;
export type Statement = v.InferOutput<typeof statement>;
export type MessageEntry = Extract<Event, { type: "message" }>;
export type WhisperEntry = Extract<Event, { type: "whisper" }>;
/** One entry of a conversation, as members receive it. */
export type Entry = MessageEntry | WhisperEntry;

/** Whether this is what it takes to fetch a file. */
export function isOffer(value: unknown): value is Offer {
  return v.is(offer, value);
}
