import * as v from "valibot";
import { readJson, readText, replaceFile } from "./own_file.ts";

const schema = v.object({
  session: v.optional(v.string()),
  log: v.optional(v.string()),
  account: v.optional(v.boolean(), false),
  server_key: v.optional(v.string()),
});

/** How one last signed in, under one name on one server. */
export type Device = v.InferOutput<typeof schema>;

/** Reads `device.json`; as after no sign-in at all where it is missing or damaged. */
export async function readDevice(folder: string): Promise<Device> {
  return readJson(schema, await readText(path(folder)) ?? "") ?? { account: false };
}

/** Writes `device.json`. */
export async function writeDevice(folder: string, device: Device): Promise<void> {
  await replaceFile(path(folder), `${JSON.stringify(device)}\n`);
}

function path(folder: string): string {
  return `${folder}/device.json`;
}
