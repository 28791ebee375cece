import * as v from "valibot";

/** What the page sent, understood; or the code of a WebSocket's close that says what is wrong with it. */
export type PageText<T> = { readonly kind: "read"; readonly value: T } | {
  readonly kind: "broken";
  readonly code: 1007 | 1008;
};

/** Reads what the page sent: no JSON is 1007, anything but what `schema` describes 1008. */
export function readPageText<S extends v.GenericSchema>(schema: S, text: string): PageText<v.InferOutput<S>> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { kind: "broken", code: 1007 };
  }
  const { success, output } = v.safeParse(schema, json);
  return success ? { kind: "read", value: output } : { kind: "broken", code: 1008 };
}
