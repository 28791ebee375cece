/** The store cannot be relied on any more: nothing further is written, and nothing may be acknowledged. */
export class StoreFailed extends Error {
  override readonly name = "StoreFailed";
}

/** Another server has the folder. */
export class FolderInUse extends Error {
  override readonly name = "FolderInUse";
}

/** The data were written by a newer program. */
export class NewerSchema extends Error {
  override readonly name = "NewerSchema";
}

/** The data cannot be trusted. Nothing was changed. */
export class Damaged extends Error {
  override readonly name = "Damaged";
}

/** What was to be changed belongs to an account that is not there any more. */
export class NoAccount extends Error {
  override readonly name = "NoAccount";
}

/** Says which file is damaged, and what to do. */
export function damaged(file: string, what: string): Damaged {
  return new Damaged(
    `${file} is damaged: ${what}. It was left as it is. Keep a copy of it, then restore a backup`,
  );
}

/** Says that an account has gone meanwhile. */
export function noAccount(account: number): NoAccount {
  return new NoAccount(`there is no account ${account} (any more)`);
}

const KINDS = { StoreFailed, FolderInUse, NewerSchema, Damaged, NoAccount } as const;

/** An error on its way between threads, which keep its class otherwise not. */
export interface Told {
  readonly kind: string;
  readonly message: string;
}

/** The error as it can be told to another thread. */
export function told(error: unknown): Told {
  if (!(error instanceof Error)) return { kind: "StoreFailed", message: String(error) };
  return { kind: error.name, message: error.message };
}

/** The error that was told; one of an unknown kind is a failure of the store. */
export function revived({ kind, message }: Told): Error {
  const known = Object.values(KINDS).find(({ name }) => name === kind) ?? StoreFailed;
  return new known(message);
}
