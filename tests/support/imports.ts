/** One import of a source file. */
export interface Import {
  /** A path below the root as `server/hub.ts`, or a name as `valibot`, `node:timers`. */
  readonly target: string;
  /** It is gone when the program runs. */
  readonly typesOnly: boolean;
}

const ROOT = new URL("../../", import.meta.url);
const STATIC = /^\s*(?:import|export)\s+(type\s)?(?:([^"';]*?)\sfrom\s+)?"([^"\n]+)"/gm;
const DYNAMIC = /\bimport\("([^"\n]+)"\)|\bnew URL\(\s*"(\.[^"\n]*\.ts)",\s*import\.meta\.url/g;

/** The program: every source file that is not a test, as a path below the root. */
export async function sourcePaths(): Promise<string[]> {
  const paths = ["main.ts"];
  for (const folder of ["cli", "client", "protocol", "server"]) {
    for await (const path of below(`${folder}/`)) paths.push(path);
  }
  return paths.sort();
}

/** A source file without its comments. */
export async function codeOf(path: string): Promise<string> {
  const text = await Deno.readTextFile(new URL(path, ROOT));
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, "").replaceAll(/(^|\s)\/\/.*$/gm, "$1");
}

/** What a source file imports, Workers it starts included. */
export async function importsOf(path: string): Promise<Import[]> {
  const code = await codeOf(path);
  const found: Import[] = [];
  for (const [, type, names, specifier] of code.matchAll(STATIC)) {
    const braces = names?.match(/^\{([\s\S]*)\}$/)?.[1]?.split(",").filter((name) => name.trim() !== "");
    const typesOnly = type !== undefined || (braces?.every((name) => /^\s*type\s/.test(name)) ?? false);
    found.push({ target: resolve(path, specifier!), typesOnly });
  }
  for (const [, module, worker] of code.matchAll(DYNAMIC)) {
    found.push({ target: resolve(path, (module ?? worker)!), typesOnly: false });
  }
  return found;
}

/** The files that run when this one does, itself included, and the names of the packages among them. */
export async function closureOf(path: string): Promise<string[]> {
  const all = new Set([path]);
  for (const each of all) {
    if (!/\.tsx?$/.test(each)) continue;
    for (const { target, typesOnly } of await importsOf(each)) if (!typesOnly) all.add(target);
  }
  return [...all].sort();
}

function resolve(from: string, specifier: string): string {
  if (!specifier.startsWith(".")) return specifier;
  return new URL(specifier, new URL(from, ROOT)).href.slice(ROOT.href.length);
}

async function* below(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(new URL(folder, ROOT))) {
    if (isDirectory) yield* below(`${folder}${name}/`);
    else if (/\.tsx?$/.test(name)) yield `${folder}${name}`;
  }
}
