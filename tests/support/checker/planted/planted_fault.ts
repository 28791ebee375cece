import type { Kind } from "../findings.ts";
import type { Tampering } from "../tampering.ts";

/** A way in which a chat may break its promises, and what a checker has to call it. */
export interface PlantedFault {
  readonly fault: string;
  /** At least one of these must be found. */
  readonly kinds: readonly Kind[];
  readonly plant: (history: Tampering) => void;
}
