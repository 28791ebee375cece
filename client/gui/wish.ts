import * as v from "valibot";
import { MAX_TEXT_BYTES } from "../../protocol/limits.ts";

const short = v.pipe(v.string(), v.maxLength(256));
const text = v.pipe(v.string(), v.maxLength(MAX_TEXT_BYTES));
const to = v.pipe(v.string(), v.regex(/^[#@]./su), v.maxLength(256));
const seq = v.pipe(v.number(), v.integer(), v.minValue(0));
const password = v.pipe(v.string(), v.maxLength(1_024));

const wishes = [
  /** Answers with nothing; what becomes of it is told as news. */
  v.strictObject({ kind: v.literal("say"), to, text, plain: v.optional(v.literal(true)) }),
  /** Answers `Words`: what to compare with somebody, and how the conversation stands. */
  v.strictObject({ kind: v.literal("verify"), user: short, step: v.picklist(["show", "same", "accept"]) }),
  v.strictObject({ kind: v.literal("join"), room: short }),
  v.strictObject({ kind: v.literal("leave"), room: short }),
  /** Opens a conversation with somebody; nothing is said yet. */
  v.strictObject({ kind: v.literal("open"), to }),
  /** Answers `Users`. */
  v.strictObject({ kind: v.literal("users"), room: v.optional(short) }),
  /** Answers `Rooms`. */
  v.strictObject({ kind: v.literal("rooms") }),
  /** The entries come as news. */
  v.strictObject({ kind: v.literal("history"), to, before: v.optional(seq) }),
  /** As typed behind `/search`. Answers `Found`. */
  v.strictObject({ kind: v.literal("search"), query: short }),
  v.strictObject({ kind: v.literal("read"), to, seq }),
  /** These are on the screen: no later process shows them as new. */
  v.strictObject({ kind: v.literal("shown"), marks: v.array(v.strictTuple([to, seq])) }),
  v.strictObject({ kind: v.literal("draft"), to, text }),
  v.strictObject({ kind: v.literal("level"), to, level: v.picklist(["all", "mentions", "none"]) }),
  v.strictObject({ kind: v.literal("discard"), id: short }),
  /** Answers the question for a name: the first one, or another. */
  v.strictObject({ kind: v.literal("name"), name: short }),
  v.strictObject({ kind: v.literal("signIn"), password }),
  /** Answers `Role`. */
  v.strictObject({ kind: v.literal("register"), password, claim: v.optional(short) }),
  v.strictObject({ kind: v.literal("passwd"), old: password, password }),
  v.strictObject({ kind: v.literal("unregister"), password }),
  /** Answers `DeviceView[]`. */
  v.strictObject({ kind: v.literal("devices") }),
  v.strictObject({ kind: v.literal("revoke"), device: seq }),
  /** A file on this machine. */
  v.strictObject({ kind: v.literal("send"), to, path: v.pipe(v.string(), v.maxLength(4_096)) }),
  v.strictObject({
    kind: v.literal("accept"),
    transfer: v.optional(seq),
    path: v.optional(v.pipe(v.string(), v.maxLength(4_096))),
  }),
  v.strictObject({ kind: v.literal("cancel"), transfer: v.optional(seq) }),
  v.strictObject({ kind: v.literal("quit") }),
] as const;

/** What a window may ask for: nothing that a person at a terminal could not do. */
export const Wish = v.variant("kind", wishes);
export type Wish = v.InferOutput<typeof Wish>;

/** A wish with a number that its answer carries; a window counts its wishes up from 1. */
export const Asked = v.strictObject({ id: v.pipe(v.number(), v.integer(), v.minValue(1)), wish: Wish });
export type Asked = v.InferOutput<typeof Asked>;
