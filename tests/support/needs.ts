/** Registers a test that needs programs; where one is missing it is not run, and its name says why. */
export function testWith(programs: readonly string[], name: string, test: () => Promise<void>): void {
  register(name, missing(programs), test);
}

/** The same for a test with networks of its own, which not everybody may have. */
export function networkTest(programs: readonly string[], name: string, test: () => Promise<void>): void {
  const why = missing(["unshare", "nsenter", "ip", ...programs]);
  register(name, why ?? (mayHaveNetworks() ? undefined : "no network of one's own may be had here"), test);
}

function register(name: string, why: string | undefined, test: () => Promise<void>): void {
  Deno.test({ name: why ? `${name} (not run: ${why})` : name, ignore: why !== undefined, fn: test });
}

function missing(programs: readonly string[]): string | undefined {
  const none = programs.filter((program) => !has(program));
  return none.length === 0 ? undefined : `there is no ${none.join(" and no ")} here`;
}

function mayHaveNetworks(): boolean {
  const args = ["--user", "--map-root-user", "--net", "ip", "link", "set", "lo", "up"];
  return new Deno.Command("unshare", { args, stdout: "null", stderr: "null" }).outputSync().success;
}

function has(program: string): boolean {
  return new Deno.Command("sh", { args: ["-c", `command -v ${program}`], stdout: "null" }).outputSync()
    .success;
}
