import { assert } from "@std/assert";
import { decodeRequest } from "../../protocol/codec.ts";
import { ProtocolError } from "../../protocol/errors.ts";

const utf8 = new TextEncoder();

/** `decodeRequest` or `decodeEvent`. */
export type Decode = (payload: Uint8Array) => unknown;

/** What a payload is refused with: a code, "!" if it is fatal, and the `ref` it answers; or "ok". */
export function refusal(payload: Uint8Array | string, decode: Decode = decodeRequest): string {
  try {
    decode(typeof payload === "string" ? utf8.encode(payload) : payload);
    return "ok";
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    assert(error.message.length > 0 && error.message.length <= 200 && error.message.isWellFormed());
    return error.code + (error.fatal ? "!" : "") + (error.ref === undefined ? "" : ` ${error.ref}`);
  }
}
