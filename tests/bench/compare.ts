/**
 * `deno task bench:compare`: this server beside others on the same work. COMPARE names the program that loads them;
 * README.md beside this file says more.
 */
const KEPT = ["--data", "{dir}"];
const LOST = ["--ephemeral"];
const ROWS = [
  { what: "100 clients, a Worker each", load: ["-c", "100", "-s", "10", "-w", "100"], serve: LOST },
  { what: "the same, kept", load: ["-c", "100", "-s", "10", "-w", "100"], serve: KEPT },
  {
    what: "100 clients, 2 Workers",
    load: ["-c", "100", "-s", "10", "-w", "100"],
    serve: [...LOST, "--workers", "2"],
  },
  {
    what: "the same, kept",
    load: ["-c", "100", "-s", "10", "-w", "100"],
    serve: [...KEPT, "--workers", "2"],
  },
  {
    what: "20 clients, all of them senders, kept, 2 Workers",
    load: ["-c", "20", "-s", "20", "-w", "200", "-m", "60000"],
    serve: [...KEPT, "--workers", "2"],
  },
  {
    what: "1,000 clients, 2 Workers",
    load: ["-c", "1000", "-s", "10", "-w", "100", "-m", "4000"],
    serve: [...LOST, "--workers", "2"],
  },
  { what: "100 clients, window 1", load: ["-c", "100", "-s", "10", "-w", "1"], serve: LOST },
] as const;
const MAIN = new URL("../../main.ts", import.meta.url).pathname;

function say(text: string): void {
  Deno.stderr.writeSync(new TextEncoder().encode(text + "\n"));
}

async function compare(tool: string, more: readonly string[]): Promise<number> {
  for (const { what, load, serve } of ROWS) {
    say(`\n== ${what}`);
    const server = ["serve", "--host", "127.0.0.1", "--port", "{port}", "--no-limits"];
    const { code } = await new Deno.Command(tool, {
      args: ["-b", "100", ...load, ...more, "--", Deno.execPath(), "run", "-A", MAIN, ...server, ...serve],
      stdout: "inherit",
      stderr: "inherit",
    }).spawn().status;
    if (code !== 0) return code;
  }
  return 0;
}

if (import.meta.main) {
  const tool = Deno.env.get("COMPARE");
  if (!tool) say("bench:compare: COMPARE must name the load tool. See tests/bench/README.md");
  Deno.exit(tool ? await compare(tool, Deno.args) : 2);
}
