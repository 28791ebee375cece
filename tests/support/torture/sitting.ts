import type { Part } from "./cast.ts";

/** What a process of clients is started with. */
export interface Sitting {
  readonly parts: readonly Part[];
  readonly port: number;
  /** Of the proxy before it that cuts links. */
  readonly cutPort: number;
  /** Of logs and memories. */
  readonly folder: string;
  readonly seed: number;
}

/** What such a process says. */
export interface Report {
  readonly client: string;
  /** `done`: with the word in `detail`; `trouble`: what should never happen. */
  readonly what: "online" | "trouble" | "done";
  readonly detail: string;
}
