/**
 * `deno task bench:files`: files from one program to another through a third, on one machine: how fast, what chat feels
 * of it, and beside it `scp` where a server for it can be started. README.md beside this file says how to read it.
 */
import { Program } from "../support/program.ts";
import { Served } from "../support/served.ts";
import { welcomed } from "../support/wire.ts";

const MAIN = new URL("../../main.ts", import.meta.url).pathname;
const CHAT = [Deno.execPath(), "run", "--quiet", "-A", "--no-check", MAIN];
const SIZES = [100_000_000, 800_000_000];
const ROUNDS = 3;
const TRANSFERS = 10;
const PINGS = 200;
const EVERY_MS = 20;

interface Line {
  readonly type: string;
  readonly state?: string;
  readonly done?: number;
}

function say(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(text + "\n"));
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

async function until(program: Program, state: string): Promise<number> {
  while (true) {
    const line: Line = JSON.parse(await program.line());
    if (line.type === "transfer" && line.state === state) return performance.now();
  }
}

/** Milliseconds from the first look at a file until the server has it for good, and until the receiver has it. */
async function transfer(
  folder: string,
  { port, secure, size }: { readonly port: number; readonly secure: boolean; readonly size: number },
): Promise<{ readonly up: number; readonly through: number }> {
  await new Deno.Command("sync").output(); // what was written before is not what is measured
  const how = ["--json", ...secure ? [] : ["--plain"]];
  const here = `127.0.0.1:${port}`;
  const into = `${folder}/in`;
  const who = crypto.randomUUID().slice(0, 8); // a name is held for a while
  await using bob = new Program(
    "connect",
    here,
    "--name",
    `bob-${who}`,
    "--receive",
    into,
    "--follow",
    ...how,
  );
  await bob.write("here\n");
  await bob.line();
  await using alice = new Program(
    "connect",
    here,
    "--name",
    `alice-${who}`,
    "--send",
    `${folder}/${size}`,
    "--to",
    `bob-${who}`,
    ...how,
  );
  await alice.end();
  const began = await until(alice, "reading");
  const [up, through] = await Promise.all([until(alice, "sent"), until(bob, "saved")]);
  await Deno.remove(into, { recursive: true });
  return { up: up - began, through: through - began };
}

/** What a message takes to come back to its sender: p50 and p99, in milliseconds. */
async function chat(port: number): Promise<{ readonly p50: number; readonly p99: number }> {
  using wire = await welcomed(port, `p${crypto.randomUUID().slice(0, 8)}`);
  const took: number[] = [];
  for (let n = 0; n < PINGS; n++) {
    const began = performance.now();
    await wire.send({ type: "message", room: "lobby", id: `m${n}`, text: "x".repeat(100) });
    await wire.until("message", ({ id }) => id === `m${n}`);
    took.push(performance.now() - began);
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
  took.sort((a, b) => a - b);
  return { p50: took[PINGS / 2]!, p99: took[Math.floor(PINGS * 0.99)]! };
}

/** Bytes of memory that a process has now. */
async function memory(pid: number): Promise<number> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)![1]) * 1024;
}

/** Milliseconds for each of the sizes, where a server for it can be started. */
async function scp(folder: string): Promise<number[] | undefined> {
  try {
    await Deno.mkdir("/run/sshd", { recursive: true });
    const keygen = async (name: string) =>
      await new Deno.Command("ssh-keygen", {
        args: ["-q", "-t", "ed25519", "-N", "", "-f", `${folder}/${name}`],
      }).output();
    await keygen("host");
    await keygen("user");
    await Deno.copyFile(`${folder}/user.pub`, `${folder}/authorized`);
    const options = [
      `AuthorizedKeysFile=${folder}/authorized`,
      `HostKey=${folder}/host`,
      "StrictModes=no",
      "UsePAM=no",
      "Subsystem=sftp internal-sftp",
      "ListenAddress=127.0.0.1",
    ];
    const args = [
      "-D",
      "-f",
      "/dev/null",
      "-p",
      "42022",
      "-h",
      `${folder}/host`,
      ...options.flatMap((each) => ["-o", each]),
    ];
    const server = new Deno.Command("/usr/sbin/sshd", { args, stderr: "null" }).spawn();
    await new Promise((resolve) => setTimeout(resolve, 500));
    const known = ["-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null"];
    const medians: number[] = [];
    for (const size of SIZES) {
      const took: number[] = [];
      for (let n = 0; n < ROUNDS; n++) {
        await new Deno.Command("sync").output();
        const began = performance.now();
        const from = `root@127.0.0.1:${folder}/${size}`;
        const command = new Deno.Command("scp", {
          args: ["-q", "-P", "42022", "-i", `${folder}/user`, ...known, from, `${folder}/copy`],
          stderr: "null",
        });
        const { success } = await command.output();
        if (!success) throw new Error("scp failed");
        took.push(performance.now() - began);
      }
      medians.push(median(took));
    }
    server.kill();
    await server.status;
    return medians;
  } catch {
    return undefined;
  }
}

const folder = await Deno.makeTempDir({ prefix: "chat-bench-" });
for (const size of SIZES) {
  using file = await Deno.open(`${folder}/${size}`, { write: true, create: true });
  for (let left = size; left > 0;) {
    const bytes = crypto.getRandomValues(new Uint8Array(Math.min(left, 65_536)));
    left -= await file.write(bytes);
  }
}
const rate = (size: number, ms: number) => `${(size / 1000 / ms).toFixed(0)} MB/s`;
const limits = [
  "--no-limits",
  "--workers",
  "2",
  "--file-bytes",
  "1000000000",
  "--file-owner-bytes",
  "10000000000",
];

for (const secure of [true, false]) {
  const tls = secure ? "optional" : "off";
  await using server = await Served.start(
    CHAT,
    "--data",
    `${folder}/data-${secure}`,
    ...limits,
    "--tls",
    tls,
  );
  for (const size of SIZES) {
    const took: { up: number; through: number }[] = [];
    for (let n = 0; n < ROUNDS; n++) took.push(await transfer(folder, { port: server.port, secure, size }));
    const [up, through] = [median(took.map(({ up }) => up)), median(took.map(({ through }) => through))];
    const what = `${size / 1_000_000} MB ${secure ? "over TLS" : "without TLS"}`;
    say(`${what}: on the server ${rate(size, up)}, with the receiver ${rate(size, through)}`);
  }
  if (secure) continue;
  const quiet = await chat(server.port);
  const before = await memory(server.pid);
  const here = `127.0.0.1:${server.port}`;
  await using senders = new AsyncDisposableStack();
  const busy = Array.from({ length: TRANSFERS }, (_, n) => {
    const to = ["--send", `${folder}/${SIZES[1]}`, "--to", "#lobby", "--plain", "--json"];
    return senders.use(new Program("connect", here, "--name", `s${n}`, ...to));
  });
  await Promise.all(busy.map((each) => until(each, "sending")));
  const loaded = await chat(server.port);
  const text = (each: { p50: number; p99: number }) =>
    `p50 ${each.p50.toFixed(1)} ms, p99 ${each.p99.toFixed(1)} ms`;
  say(`chat alone: ${text(quiet)}; with ${TRANSFERS} transfers: ${text(loaded)}`);
  const each = (await memory(server.pid) - before) / TRANSFERS;
  say(`memory of the server: ${(each / 1024 ** 2).toFixed(1)} MiB more for each of them`);
}
const other = await scp(folder);
say(
  other === undefined
    ? "scp: no server for it here"
    : `scp: ${SIZES.map((size, i) => `${size / 1_000_000} MB ${rate(size, other[i]!)}`).join(", ")}`,
);
await Deno.remove(folder, { recursive: true });
