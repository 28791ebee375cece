import { assertEquals } from "@std/assert";
import type { Event } from "../../protocol/schema.ts";
import { NO_LIMITS } from "../../server/limits.ts";
import { serve, type ServeOptions, type Server } from "../../server/serve.ts";
import { welcomed, Wire } from "./wire.ts";

/** How long a test waits for a fact, and how often it looks. */
const DEADLINE_MS = 30_000;
const LOOK_MS = 5;

/** A server with somebody in its lobby, who must notice nothing of what goes wrong with others. */
export class House implements AsyncDisposable {
  readonly server: Server;
  readonly witness: Wire;

  constructor(server: Server, witness: Wire) {
    this.server = server;
    this.witness = witness;
  }

  get port(): number {
    return this.server.port;
  }

  async open(from?: string): Promise<Wire> {
    return await Wire.open(this.port, { from });
  }

  async enter(name: string, more: object = {}): Promise<Awaited<ReturnType<typeof welcomed>>> {
    return await welcomed(this.port, name, { ...more });
  }

  /** The witness is still served, and has seen nobody but come and go since this was looked at last: resolves with that. */
  async undisturbed(): Promise<Event[]> {
    const seen = await this.witness.fence();
    assertEquals(seen.filter(({ type }) => type !== "joined" && type !== "left"), [] as Event[]);
    return seen;
  }

  /** Who is there. */
  async users(): Promise<string[]> {
    await this.witness.send({ type: "users" });
    return (await this.witness.until("users")).users;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.witness[Symbol.dispose]();
    await this.server[Symbol.asyncDispose]();
  }
}

/** Opens a house: its rates and counts are lifted, one Worker serves all members, unless `options` say otherwise. */
export async function openHouse({ limits, ...options }: ServeOptions = {}): Promise<House> {
  const server = await serve({ workers: 1, ...options, limits: { ...NO_LIMITS, ...limits } });
  return new House(server, await welcomed(server.port, "witness"));
}

/** Resolves once `fact` holds; rejects, with what it was about, when it does not come true. */
export async function eventually(what: string, fact: () => boolean | Promise<boolean>): Promise<void> {
  for (const began = Date.now(); !await fact();) {
    if (Date.now() - began > DEADLINE_MS) throw new Error(`It did not come true that ${what}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
