const WHEN = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

/** A time as people read it; nothing where the browser cannot read what passed as one. */
export function whenOf(at: string): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? "" : WHEN.format(date);
}
