/**
 * `deno task build`: compiles the program for this machine into `dist/chat`; with `--all`, for every released target.
 * Compiling fetches the runtime of each target once; `DENORT_BIN` names one that is there already.
 */
import { print, printError } from "../cli/print.ts";
import { VERSION } from "../cli/version.ts";
import { PERMISSIONS } from "./build/permissions.ts";
import { TARGETS } from "./build/targets.ts";

const DIST = "dist";
const HERE = Deno.build.os === "windows" ? `${DIST}/chat.exe` : `${DIST}/chat`;

/** Modules that are never imported, only started. */
const WORKERS = [
  "server/session_worker.ts",
  "server/store/store_worker.ts",
  "server/store/check_worker.ts",
  "server/files/file_worker.ts",
  "server/accounts/opaque_worker.ts",
  "client/pake/pake_worker.ts",
  "client/keys/keys_worker.ts",
];

/** Of the page that a window shows: the script as it is made here, the rest as it is. */
const PAGE = "client/gui/page";
const SCRIPT = `${DIST}/gui.js`;
const ASSETS = [
  SCRIPT,
  ...["index.html", "style.css", "conversation.css", "icon.svg", "icon-unread.svg", "icon-mention.svg"]
    .map((name) => `${PAGE}/${name}`),
];

/** Makes the script of the page, for compiled programs have no bundler. */
async function bundle(): Promise<boolean> {
  const args = [
    "bundle",
    "--quiet",
    "--platform=browser",
    "--minify",
    `--output=${SCRIPT}`,
    `${PAGE}/app.tsx`,
  ];
  const { success, stderr } = await new Deno.Command(Deno.execPath(), { args, env: { NO_COLOR: "1" } })
    .output();
  if (success) return true;
  printError(new TextDecoder().decode(stderr));
  printError("build: cannot bundle the page. See above for what Deno said.\n");
  return false;
}

/** Compiles one binary; tells what went wrong and what to do about it. */
async function compile(output: string, target?: string): Promise<boolean> {
  const args = [
    "compile",
    "--quiet",
    "--no-check", // `deno task ok` is the place for that
    "--frozen",
    "--exclude-unused-npm", // what only tests import stays out
    "--unstable-worker-options",
    "--no-prompt",
    ...PERMISSIONS,
    ...[...WORKERS, ...ASSETS].map((path) => `--include=${path}`),
    ...target ? [`--target=${target}`] : [],
    `--output=${output}`,
    "main.ts",
  ];
  const { success, stderr } = await new Deno.Command(Deno.execPath(), { args, env: { NO_COLOR: "1" } })
    .output();
  const said = new TextDecoder().decode(stderr).split("\nStack backtrace:")[0]!.trimEnd();
  if (said !== "") printError(said + "\n");
  if (success) return true;
  const advice = /denort|base binary/i.test(said)
    ? `The runtime of ${
      target ?? Deno.build.target
    } is missing. Deno ${Deno.version.deno} downloads it once, ` +
      "so this needs a connection; without one, name a file with that runtime in DENORT_BIN."
    : "See above for what Deno said.";
  printError(`build: cannot make ${output}. ${advice}\n`);
  return false;
}

/** A runtime of another version may not understand what was compiled: see it run once. */
async function runs(output: string): Promise<boolean> {
  const command = new Deno.Command(output, { args: ["--version"], stdout: "piped", stderr: "piped" });
  const { stdout, stderr } = await command.output();
  const decoder = new TextDecoder();
  if (decoder.decode(stdout) === `chat ${VERSION}\n`) return true;
  await Deno.remove(output);
  printError(decoder.decode(stderr));
  printError(
    `build: what was made does not run. Is DENORT_BIN a runtime that Deno ${Deno.version.deno} writes for?\n`,
  );
  return false;
}

async function made(output: string): Promise<void> {
  const { size } = await Deno.stat(output);
  print(`${output}  ${(size / 1e6).toFixed(1)} MB\n`);
}

async function build(args: readonly string[]): Promise<number> {
  const [wanted] = args;
  if (args.length > 1 || (wanted !== undefined && wanted !== "--all")) {
    printError(`build: cannot build ${args.join(" ")}\nUsage: deno task build [--all]\n`);
    return 2;
  }
  await Deno.mkdir(DIST, { recursive: true });
  if (!await bundle()) return 1;
  if (wanted === undefined) {
    if (!await compile(HERE) || !await runs(HERE)) return 1;
    await made(HERE);
    return 0;
  }
  if (Deno.env.get("DENORT_BIN")) {
    printError("build: DENORT_BIN is the runtime of one target. Unset it to build --all.\n");
    return 2;
  }
  for (const { name, target } of TARGETS) {
    if (!await compile(`${DIST}/${name}`, target)) return 1;
    await made(`${DIST}/${name}`);
  }
  return 0;
}

if (import.meta.main) Deno.exit(await build(Deno.args));
