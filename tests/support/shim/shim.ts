/** What the shim is to do to a program, see shim.c. */
export interface Rules {
  /** The folder whose files are meant; it exists. */
  readonly folder: string;
  /** A file outside of the folder: what the program writes there is what it acknowledged. */
  readonly acks: string;
  /** Where to write down every call. */
  readonly log?: string;
  /** `told`: at the nth word to a socket after something was synced, once there is the file `armed`. */
  readonly armed?: string;
  readonly kill?: { readonly when: "before" | "within" | "after" | "told"; readonly nth: number };
  /** From the nth on, so many calls fail. */
  readonly fail?: {
    readonly what: "sync" | "write";
    readonly nth: number;
    readonly times: number;
    readonly why: keyof typeof ERRNO;
  };
}

const ERRNO = { EIO: 5, ENOSPC: 28 };
const SOURCE = new URL("./shim.c", import.meta.url).pathname;

/** What a test that needs the shim and the judge cannot be run without, or nothing. */
export const missing: string | undefined = Deno.build.os !== "linux"
  ? "Linux"
  : ["gcc", "python3"].find((program) => !starts(program));

function starts(program: string): boolean {
  try {
    return new Deno.Command(program, { args: ["--version"], stdout: "null", stderr: "null" }).outputSync()
      .success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** A test that is left out, and says so, where the shim cannot be built or nobody could judge. */
export function shimTest(name: string, fn: (t: Deno.TestContext) => Promise<void>): void {
  Deno.test({
    name: missing === undefined ? name : `${name} (left out: it needs ${missing})`,
    ignore: missing !== undefined,
    fn,
  });
}

/** Compiles the shim into `folder`. */
export async function buildShim(folder: string): Promise<string> {
  const path = `${folder}/shim.so`;
  const args = [
    "-O1",
    "-Wall",
    "-Wextra",
    "-Werror",
    "-shared",
    "-fPIC",
    "-o",
    path,
    SOURCE,
    "-ldl",
    "-lpthread",
  ];
  const { success, stderr } = await new Deno.Command("gcc", { args }).output();
  if (!success) throw new Error(`The shim does not compile: ${new TextDecoder().decode(stderr)}`);
  return path;
}

/** The environment in which a program has the shim between itself and the files. */
export function shimmed(
  shim: string,
  { folder, acks, log, armed, kill, fail }: Rules,
): Record<string, string> {
  return {
    LD_PRELOAD: shim,
    SHIM_FOLDER: folder,
    SHIM_ACKS: acks,
    ...(log !== undefined && { SHIM_LOG: log }),
    ...(armed !== undefined && { SHIM_ARMED: armed }),
    ...(kill && { SHIM_KILL: `${kill.when} ${kill.nth}` }),
    ...(fail && { SHIM_FAIL: `${fail.what} ${fail.nth} ${fail.times} ${ERRNO[fail.why]}` }),
  };
}

/** A new folder, in memory where that can be had: syncs cost nothing there. Deno's Workers may not use it. */
export async function quickFolder(): Promise<string> {
  const dir = await Deno.stat("/dev/shm").then(() => "/dev/shm", () => undefined);
  return await Deno.makeTempDir(dir === undefined ? {} : { dir });
}
