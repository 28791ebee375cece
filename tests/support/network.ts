const NEAR = "10.77.0.1";
const FAR = "10.77.0.2";
const LINE = "wire";

/**
 * Two networks with a wire between them and no way out, which begin and end with the test: `near`, where the server is, and
 * `far`, where packets can be lost. They need no rights but to have namespaces of one's own.
 */
export class Network implements AsyncDisposable {
  readonly near: Place;
  readonly far: Place;

  private constructor(near: Place, far: Place) {
    this.near = near;
    this.far = far;
  }

  static async open(): Promise<Network> {
    const near = await Place.open(NEAR, ["unshare", "--user", "--map-root-user", "--net"]);
    const far = await Place.open(FAR, [...near.prefix, "unshare", "--net"]);
    const line = ["link", "add", LINE, "type", "veth", "peer", "name", LINE, "netns", `${far.pid}`];
    await near.do("ip", ...line);
    for (const place of [near, far]) {
      for (const name of ["lo", LINE]) await place.do("ip", "link", "set", name, "up");
      await place.do("ip", "address", "add", `${place.address}/24`, "dev", LINE);
    }
    await far.do(
      "nft",
      "add table ip weather; add chain ip weather in { type filter hook input priority 0; }",
    );
    await far.do("nft", "add chain ip weather out { type filter hook output priority 0; }");
    return new Network(near, far);
  }

  /** From now on so many packets of a hundred are lost on the way to the far network, and on the way back. */
  async lose({ down = 0, up = 0 }: { readonly down?: number; readonly up?: number }): Promise<void> {
    for (const [chain, percent] of [["in", down], ["out", up]] as const) {
      await this.far.do("nft", `flush chain ip weather ${chain}`);
      const which = percent === 100 ? "" : `numgen random mod 100 < ${percent}`;
      if (percent > 0) await this.far.do("nft", `add rule ip weather ${chain} ${which} counter drop`);
    }
  }

  /** How many packets were lost since {@linkcode lose}. */
  async lost(): Promise<number> {
    const rules = await this.far.do("nft", "list table ip weather");
    return [...rules.matchAll(/counter packets (\d+)/g)].reduce((sum, [, count]) => sum + Number(count), 0);
  }

  /** The far network has another address from now on. */
  async move(address: string): Promise<void> {
    await this.far.do("ip", "address", "flush", "dev", LINE);
    await this.far.do("ip", "address", "add", `${address}/24`, "dev", LINE);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.far[Symbol.asyncDispose]();
    await this.near[Symbol.asyncDispose]();
  }
}

/** A network of its own, with nothing in it but this machine. */
export class Place implements AsyncDisposable {
  readonly address: string;
  /** A process that does nothing but be there. */
  readonly #holder: Deno.ChildProcess;

  private constructor(address: string, holder: Deno.ChildProcess) {
    this.address = address;
    this.#holder = holder;
  }

  /** `unshare` is what begins one. */
  static async open(
    address = "127.0.0.1",
    [program, ...words]: readonly string[] = ["unshare", "--user", "--map-root-user", "--net"],
  ): Promise<Place> {
    const holder = new Deno.Command(program!, {
      args: [...words, "sh", "-c", "echo ready; exec cat >&2"],
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    const text = await new Response(holder.stdout).text(); // ends as soon as it holds
    if (text !== "ready\n") {
      await holder.stdin.close().catch(() => {});
      await holder.status;
      throw new Error("There is no network of one's own to be had");
    }
    return new Place(address, holder);
  }

  get pid(): number {
    return this.#holder.pid;
  }

  /** What stands before the command line of a program that runs here. */
  get prefix(): string[] {
    return ["nsenter", "--preserve-credentials", "--user", "--net", "--target", `${this.pid}`];
  }

  /** Runs a program to its end here; resolves with what it says. */
  async do(...command: readonly string[]): Promise<string> {
    const [program, ...args] = [...this.prefix, ...command];
    const { success, stdout, stderr } = await new Deno.Command(program!, { args }).output();
    if (!success) throw new Error(`${command.join(" ")}: ${new TextDecoder().decode(stderr)}`);
    return new TextDecoder().decode(stdout);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#holder.stdin.close();
    await this.#holder.status;
  }
}
