/** Resolves when any of `facts` does, or after `ms` milliseconds. */
export async function within(ms: number, ...facts: Promise<unknown>[]): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  try {
    await Promise.race([promise, ...facts]);
  } finally {
    clearTimeout(timer);
  }
}
