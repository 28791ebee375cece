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
    /** Whether the other side's client has it; only known of one's own. */
    readonly delivered: boolean;
  }
  | { readonly kind: "system"; readonly text: string }
  | { readonly kind: "error"; readonly text: string; readonly code?: string }
  | { readonly kind: "date"; readonly at: Date };
