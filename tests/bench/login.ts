import { AccountsRig } from "../support/accounts_rig.ts";
import { startLogin } from "../support/opaque_client.ts";

/** Tries with each name, and how far apart their means may be, as a part of the mean. */
const TRIES = 2_000;
const MOST = 0.05;

const lifted = { tries: Infinity, triesInAll: Infinity, inARow: Infinity, spanMs: 0 };
const rig = await AccountsRig.open({ bounds: lifted });
await rig.member("alice", "correct horse");
const customer = rig.connect();
const { request } = startLogin("guess");

async function begin(name: string): Promise<void> {
  const answer = await customer.desk.answer({ type: "login", name, request }, undefined);
  if (!("type" in answer) || answer.type !== "login") throw new Error(`No login: ${JSON.stringify(answer)}`);
}

// An arrow that only returns the promise would not be awaited.
Deno.bench(
  { name: "login of a name with an account, to our answer", group: "login", baseline: true },
  async () => await begin("alice"),
);
Deno.bench({ name: "login of a name without an account", group: "login" }, async () => await begin("nobody"));
Deno.bench({
  name: `[D04] t-test of ${TRIES} tries each; fails when the means are 5 % apart`,
  n: 1,
  warmup: 0,
}, async () => {
  const known: number[] = [];
  const unknown: number[] = [];
  for (let n = 0; n < TRIES; n++) {
    // In turn, and either first in turn, so that whatever else the machine does meets both.
    const order = [["alice", known], ["nobody", unknown]] as const;
    for (const [name, times] of n % 2 ? order : order.toReversed()) {
      const from = performance.now();
      await begin(name);
      times.push(performance.now() - from);
    }
  }
  const [one, other] = [known, unknown].map(trimmed) as [number[], number[]];
  const apart = mean(other) - mean(one);
  const t = apart / Math.sqrt(variance(one) / one.length + variance(other) / other.length);
  const line = `known ${mean(one).toFixed(3)} ms, unknown ${mean(other).toFixed(3)} ms, apart ${
    (apart / mean(one) * 100).toFixed(2)
  } %, t = ${t.toFixed(2)}\n`;
  Deno.stderr.writeSync(new TextEncoder().encode(line));
  if (Math.abs(apart) > MOST * mean(one)) {
    throw new Error(`Names with an account can be told by time: ${line}`);
  }
});

/** Without the slowest hundredth, which is the machine's. */
function trimmed(times: readonly number[]): number[] {
  return times.toSorted((a, b) => a - b).slice(0, Math.ceil(times.length * 0.99));
}

function mean(times: readonly number[]): number {
  return times.reduce((sum, each) => sum + each, 0) / times.length;
}

function variance(times: readonly number[]): number {
  const middle = mean(times);
  return times.reduce((sum, each) => sum + (each - middle) ** 2, 0) / (times.length - 1);
}
