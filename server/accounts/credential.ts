/** What OPAQUE keeps of one password. */
export interface Credential {
  /**
   * What the record is bound to, drawn anew for every password. Were it something that a stranger can have before, such
   * as the identity of a guest, the stranger could ask about passwords in advance.
   */
  readonly id: string;
  readonly record: string;
}

export function newCredentialId(): string {
  return crypto.randomUUID();
}

/** As an account has it in its `record`. */
export function writeCredential({ id, record }: Credential): string {
  return `${id} ${record}`;
}

export function readCredential(kept: string): Credential {
  const [id = "", record = ""] = kept.split(" ");
  return { id, record };
}
