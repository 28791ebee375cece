/** What `work` resolves with, or undefined when that takes too long. */
export async function within<T>(ms: number, work: Promise<T>): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((resolve) => timer = setTimeout(resolve, ms, undefined));
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
