/** What a connection needs of the socket it lives on. */
export interface Socket {
  /** Who is at the other end. */
  readonly remoteAddr: { readonly hostname: string };
  /** Resolves with how many bytes were read, `null` at the end; rejects when the peer is gone. */
  read(into: Uint8Array<ArrayBuffer>): Promise<number | null>;
  /** Resolves with how many bytes were taken; rejects when the peer is gone. */
  write(bytes: Uint8Array<ArrayBuffer>): Promise<number>;
  /** Says that no more will come. */
  closeWrite(): Promise<void>;
  close(): void;
}
