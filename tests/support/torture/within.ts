/** What a promise resolves with; rejects when that takes longer: something that must come to be did not. */
export async function within<T>(ms: number, what: string | (() => string), promise: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    late.reject(new Error(`${typeof what === "string" ? what : what()} took more than ${ms} ms`));
  }, ms);
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
