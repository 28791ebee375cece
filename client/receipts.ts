/** Whispers whose arrival is still awaited; of more than that the oldest is forgotten. */
const MOST = 1_000;

/** Which of this client's whispers a receipt is about. */
export class Receipts {
  /** Their ids, by whom they are for and their seq. */
  readonly #ids = new Map<string, string>();

  await({ to, seq, id }: { readonly to: string; readonly seq: number; readonly id: string }): void {
    this.#ids.set(key(to, seq), id);
    if (this.#ids.size <= MOST) return;
    for (const oldest of this.#ids.keys()) {
      this.#ids.delete(oldest);
      return;
    }
  }

  /** The id of the whisper with this seq; once it has arrived it is awaited no more. */
  take(
    { with: to, seq, status }: {
      readonly with: string;
      readonly seq: number;
      readonly status: "delivered" | "kept";
    },
  ): string | undefined {
    const id = this.#ids.get(key(to, seq));
    if (status === "delivered") this.#ids.delete(key(to, seq));
    return id;
  }
}

function key(to: string, seq: number): string {
  return `${seq} ${to}`;
}
