import type { FileRecord } from "./file_record.ts";

/** What each member of a note is. */
const SHAPE: { readonly [K in keyof FileRecord]: "string" | "number" } = {
  id: "string",
  owner: "string",
  from: "string",
  conversation: "string",
  size: "number",
  made: "number",
  touched: "number",
  have: "number",
};

/** What a note says, or nothing where it is torn. */
export function readRecord(text: string): FileRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const fields = new Map(Object.entries(value));
  const fits = Object.entries(SHAPE).every(([key, type]) => isOf(type, fields.get(key)));
  return fits ? value as FileRecord : undefined;
}

function isOf(type: "string" | "number", value: unknown): boolean {
  return type === "string" ? typeof value === "string" : Number.isSafeInteger(value);
}
