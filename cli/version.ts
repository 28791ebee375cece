import config from "../deno.json" with { type: "json" };

/** The version of this program, as `--version` prints it. */
export const VERSION: string = config.version;
