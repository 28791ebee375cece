import { decodeRequest, encode } from "../protocol/codec.ts";
import { ProtocolError } from "../protocol/errors.ts";
import { HEADER_BYTES } from "../protocol/limits.ts";
import type { Request } from "../protocol/schema.ts";
import { Refused } from "./refused.ts";

/**
 * The request itself, if the protocol allows it; otherwise throws the {@linkcode Refused} that the server would have
 * answered, so that nothing that would end the connection is ever sent.
 */
export function checked<R extends Request>(request: R): R {
  try {
    decodeRequest(encode(request).subarray(HEADER_BYTES));
    return request;
  } catch (error) {
    if (error instanceof ProtocolError) throw new Refused(error.code, error.message);
    throw error;
  }
}
