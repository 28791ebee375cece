// SQLite's errors come without their numbers: they are told apart by the words that SQLite has for each.

/** No space is left: the transaction is rolled back, nothing is damaged. */
export function isFull(error: unknown): boolean {
  return messageOf(error).includes("database or disk is full");
}

/** Somebody else is writing. */
export function isBusy(error: unknown): boolean {
  return messageOf(error).includes("database is locked");
}

/** The disk or another program is in the way: that says nothing about what is in the file. */
export function isTrouble(error: unknown): boolean {
  const message = messageOf(error);
  return isFull(error) || isBusy(error) ||
    ["disk I/O error", "unable to open", "out of memory"].some((words) => message.includes(words));
}

/** What is in the file is not what SQLite wrote. */
export function isDamage(error: unknown): boolean {
  const message = messageOf(error);
  return ["malformed", "file is not a database", "database corruption", "no such table"].some((words) =>
    message.includes(words)
  );
}

/** What an error says, whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
