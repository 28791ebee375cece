import type { ErrorCode } from "../protocol/errors.ts";
import type { Denial } from "./requests.ts";

/** What is said to a client that is closed for keeping us waiting. */
export const TOO_LATE: Partial<Record<ErrorCode, string>> = {
  hello_timeout: "No hello came in time",
  auth_timeout: "No name was taken in time",
  frame_slow: "A frame took too long to arrive",
  idle: "No sign of life for too long",
};

/** Penalty seconds for an address from which this came. */
export const PENALTIES: Partial<Record<ErrorCode, number>> = {
  frame_zero: 5,
  frame_size: 5,
  frame_slow: 5,
  auth_timeout: 5,
  flood: 30,
};

/** What is said to a client that is too fast. */
export const TOO_FAST: Denial = {
  code: "rate",
  message: "Too fast: send this again later, and what came after it",
};
