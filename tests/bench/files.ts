/**
 * `deno task bench:files`: a file from one program to another through a third, on one machine: how fast, what chat feels
 * of it, and beside it `scp` where a server for it can be started. README.md beside this file says how to read it.
 */
import { Program } from "../support/program.ts";
import { Served } from "../support/served.ts";
import { welcomed } from "../support/wire.ts";

const MAIN = new URL("../../main.ts", import.meta.url).pathname;
const CHAT = [Deno.execPath(), "run", "--quiet", "-A", "--no-check", MAIN];
const SIZE = 100_000_000;
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
  { port, secure }: { readonly port: number; readonly secure: boolean },
): Promise<{ readonly up: number; readonly through: number }> {
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
    `${folder}/file`,
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

async function scp(folder: string): Promise<number | undefined> {
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
    const from = `root@127.0.0.1:${folder}/file`;
    const known = ["-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null"];
    const took: number[] = [];
    for (let n = 0; n < ROUNDS; n++) {
      const began = performance.now();
      const command = new Deno.Command("scp", {
        args: ["-q", "-P", "42022", "-i", `${folder}/user`, ...known, from, `${folder}/copy`],
        stderr: "null",
      });
      const { success } = await command.output();
      if (!success) throw new Error("scp failed");
      took.push(performance.now() - began);
    }
    server.kill();
    await server.status;
    return median(took);
  } catch {
    return undefined;
  }
}

const folder = await Deno.makeTempDir({ prefix: "chat-bench-" });
const bytes = new Uint8Array(SIZE);
for (let at = 0; at < SIZE; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536));
await Deno.writeFile(`${folder}/file`, bytes);
const rate = (ms: number) => `${(SIZE / 1000 / ms).toFixed(0)} MB/s`;

for (const secure of [true, false]) {
  await using server = await Served.start(
    CHAT,
    "--data",
    `${folder}/data-${secure}`,
    "--no-limits",
    "--tls",
    secure ? "optional" : "off",
  );
  const took: { up: number; through: number }[] = [];
  for (let n = 0; n < ROUNDS; n++) took.push(await transfer(folder, { port: server.port, secure }));
  const [up, through] = [median(took.map(({ up }) => up)), median(took.map(({ through }) => through))];
  say(
    `${secure ? "over TLS" : "without TLS"}: on the server ${rate(up)}, with the receiver ${rate(through)}`,
  );
  if (secure) continue;
  const quiet = await chat(server.port);
  const here = `127.0.0.1:${server.port}`;
  await using senders = new AsyncDisposableStack();
  const busy = Array.from({ length: TRANSFERS }, (_, n) => {
    const to = ["--send", `${folder}/file`, "--to", "#lobby", "--plain", "--json"];
    return senders.use(new Program("connect", here, "--name", `s${n}`, ...to));
  });
  await Promise.all(busy.map((each) => until(each, "sending")));
  const loaded = await chat(server.port);
  const text = (each: { p50: number; p99: number }) =>
    `p50 ${each.p50.toFixed(1)} ms, p99 ${each.p99.toFixed(1)} ms`;
  say(`chat alone: ${text(quiet)}; with ${TRANSFERS} transfers: ${text(loaded)}`);
}
const other = await scp(folder);
say(other === undefined ? "scp: no server for it here" : `scp: ${rate(other)}`);
await Deno.remove(folder, { recursive: true });
