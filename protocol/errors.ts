/**
 * Why a frame or a request was refused: the closed set of `code` in an `error` frame. The specification (README.md)
 * says of each when it is sent and whether the connection survives it.
 */
export type ErrorCode =
  // the stream cannot be trusted any more: always fatal
  | "frame_zero"
  | "frame_size"
  | "frame_slow"
  | "utf8"
  | "json"
  | "depth"
  // the payload is well framed, but not what was agreed
  | "key"
  | "schema"
  | "unknown_type"
  | "too_long"
  // signing in
  | "unsupported_protocol"
  | "not_signed_in"
  | "name_invalid"
  | "name_taken"
  | "name_confusable"
  | "name_reserved"
  | "server_full"
  | "auth_required"
  | "account_required"
  | "auth"
  | "auth_throttled"
  | "account_disabled"
  | "claim"
  // the conversation
  | "state"
  | "unknown_user"
  | "unknown_channel"
  | "room"
  | "not_member"
  | "rate"
  | "store_busy"
  | "store_full"
  | "mailbox_full"
  | "expired"
  | "device"
  // keys
  | "stale_keys"
  | "keys"
  | "archive_full"
  // files
  | "file"
  | "file_size"
  | "file_quota"
  // the server ends the connection: always fatal
  | "tls_required"
  | "hello_timeout"
  | "auth_timeout"
  | "idle"
  | "flood"
  | "slow_reader"
  | "busy"
  | "ip_limit"
  | "replaced"
  | "shutting_down"
  | "internal";

/** A peer sent something that the protocol does not allow. */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";

  /** `fatal` says that nothing after this can be trusted: one `error` frame, then the connection closes. */
  constructor(
    readonly code: ErrorCode,
    message: string,
    { fatal = false, ref }: { readonly fatal?: boolean; readonly ref?: string | undefined } = {},
  ) {
    super(message);
    this.fatal = fatal;
    this.ref = ref;
  }

  readonly fatal: boolean;
  readonly ref: string | undefined;
}
