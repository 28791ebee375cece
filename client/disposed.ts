/** Disposes of something, if it is there; what fails then is of no use to anybody any more. Never rejects. */
export async function disposed(thing: AsyncDisposable | undefined): Promise<void> {
  try {
    await thing?.[Symbol.asyncDispose]();
  } catch { /* whatever was not written is had again from the server */ }
}
