/** One thing that happened, as the transcript keeps it: still unformatted, so that it can be drawn at any width. */
export type Item =
  | {
    readonly kind: "message";
    readonly at: Date;
    readonly from: string;
    readonly text: string;
    /** `#room`, when it is not the conversation that was on the screen. */
    readonly label: string | undefined;
    readonly mine: boolean;
    /** Somebody else says this person's name. */
    readonly mention: boolean;
  }
  | {
    readonly kind: "whisper";
    readonly at: Date;
    /** The other side. */
    readonly peer: string;
    readonly text: string;
    readonly mine: boolean;
    /** Of one's own: whether the other side's client has it, or it is kept until there is one. */
    readonly state: "stored" | "kept" | "delivered";
    /** The server could read it, though whispers between accounts are sealed. */
    readonly open?: true;
  }
  | { readonly kind: "system"; readonly text: string }
  | { readonly kind: "error"; readonly text: string; readonly code?: string }
  | { readonly kind: "date"; readonly at: Date }
  /** What follows was not read yet. */
  | { readonly kind: "divider"; readonly text: string }
  /** Something that was searched for. */
  | {
    readonly kind: "found";
    readonly on: Date;
    /** `#room` or `@name`. */
    readonly to: string;
    readonly from: string;
    readonly text: string;
    /** Words and phrases that were looked for. */
    readonly words: readonly string[];
  };
