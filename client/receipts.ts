/** Whispers whose arrival is still awaited; of more than that the oldest is forgotten. */
const MOST = 1_000;

/** Which of this client's whispers a receipt is about. */
export class Receipts {
  readonly #ids = new Map<string, string>();

  await({ to, seq, id }: { readonly to: string; readonly seq: number; readonly id: string }): void {
    this.#ids.set(`${seq} ${to}`, id);
    if (this.#ids.size <= MOST) return;
    for (const oldest of this.#ids.keys()) {
      this.#ids.delete(oldest);
      return;
    }
  }

  take({ with: to, seq }: { readonly with: string; readonly seq: number }): string | undefined {
    const key = `${seq} ${to}`;
    const id = this.#ids.get(key);
    this.#ids.delete(key);
    return id;
  }
}
