import type { Gate } from "./gate.ts";
import { SessionHost } from "./session_host.ts";

interface Options {
  /** The Worker's module. */
  readonly entry: URL;
  /** How many Workers members may have; the members after that share them. */
  readonly workers: number;
  readonly report: (error: Error) => void;
}

/** One Worker for members, perhaps still starting, and how many of them it has. */
interface Post {
  readonly host: Promise<SessionHost>;
  broken: boolean;
  load: number;
}

/** How often a member is given another Worker when one does not start. */
const TRIES = 3;
/** Workers started at once: starting one blocks the main thread for some milliseconds. */
const LANES = 2;

/**
 * The session Workers: a reception for strangers, a Worker of its own for each member with a spare kept warm, and
 * sharing among the members once `workers` are at work.
 */
export class Workforce implements Disposable {
  readonly #options: Options;
  readonly #posts = new Set<Post>();
  readonly #where = new Map<Gate, Post>();
  readonly #hosts = new Set<SessionHost>();
  readonly #lanes: Promise<unknown>[] = Array.from({ length: LANES }, () => Promise.resolve());
  #reception: SessionHost;
  #spare: Post | undefined;
  #over = false;

  constructor(options: Options) {
    this.#options = options;
    this.#reception = this.#start();
    this.#spare = this.#boot();
  }

  /** Resolves when strangers can be read. */
  get ready(): Promise<void> {
    return this.#reception.ready;
  }

  /** Workers that run or start, the reception and the spare included. */
  get size(): number {
    return this.#hosts.size;
  }

  /** A session for somebody who has no name yet. */
  receive(): Gate {
    if (this.#reception.broken) this.#reception = this.#start();
    return this.#reception.open({ welcomed: false });
  }

  /** A session for somebody who has signed in; rejects when no Worker would start. */
  async employ(): Promise<Gate> {
    for (let tries = 1;; tries++) {
      const post = this.#posts.size < this.#options.workers ? this.#hire() : this.#leastBusy();
      post.load++;
      try {
        const gate = (await post.host).open({ welcomed: true });
        this.#where.set(gate, post);
        return gate;
      } catch (error) {
        post.broken = true;
        this.#leave(post);
        if (tries === TRIES || this.#over) throw error;
      }
    }
  }

  /** The session behind `gate` has ended; a Worker that nobody needs goes with it. */
  release(gate: Gate): void {
    gate[Symbol.dispose]();
    const post = this.#where.get(gate);
    if (!post) return;
    this.#where.delete(gate);
    if (gate.broken) post.broken = true;
    this.#leave(post);
  }

  [Symbol.dispose](): void {
    this.#over = true;
    for (const host of this.#hosts) host.end();
    this.#hosts.clear();
  }

  #hire(): Post {
    const post = this.#spare ?? this.#boot();
    this.#posts.add(post);
    this.#spare = this.#posts.size < this.#options.workers ? this.#boot() : undefined;
    return post;
  }

  #leastBusy(): Post {
    let least: Post | undefined;
    for (const post of this.#posts) if (!least || post.load < least.load) least = post;
    return least!; // `workers` is at least 1, and all of them are at work
  }

  #leave(post: Post): void {
    post.load--;
    if (post.broken) this.#posts.delete(post); // nobody new comes here
    if (post.load > 0) return;
    this.#posts.delete(post);
    post.host.then((host) => this.#end(host), () => {});
    if (!this.#over && !this.#spare) this.#spare = this.#boot();
  }

  /** Starts a Worker when one of the lanes is free. */
  #boot(): Post {
    const lane = this.#lanes.shift()!;
    const host = lane.then(async () => {
      const started = this.#start();
      await started.ready;
      return started;
    });
    this.#lanes.push(host.catch(() => {}));
    return { host, broken: false, load: 0 };
  }

  #start(): SessionHost {
    if (this.#over) throw new Error("Cannot start a session Worker: the server is stopping");
    const host: SessionHost = new SessionHost(this.#options.entry, (error) => {
      this.#hosts.delete(host);
      this.#options.report(error);
    });
    this.#hosts.add(host);
    return host;
  }

  #end(host: SessionHost): void {
    this.#hosts.delete(host);
    host.end();
  }
}
