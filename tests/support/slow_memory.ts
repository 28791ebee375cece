import type { Draft } from "../../client/client_event.ts";
import type { Memory, Remembered } from "../../client/memory/memory.ts";

/** A memory whose disk is in the hands of a test. */
export class SlowMemory implements Memory {
  readonly remembered: Remembered;
  /** What is being kept, in order. */
  readonly keeping: { readonly draft: Draft; readonly done: PromiseWithResolvers<void> }[] = [];
  readonly log: string[] = [];
  /** How long it takes to write down who has signed in. */
  signing: Promise<void> = Promise.resolve();

  constructor(remembered: Partial<Remembered> = {}) {
    this.remembered = { account: false, cursors: new Map(), read: new Map(), drafts: [], ...remembered };
  }

  keep(draft: Draft): Promise<void> {
    const done = Promise.withResolvers<void>();
    this.keeping.push({ draft, done });
    return done.promise;
  }
  done(id: string): void {
    this.log.push(`done ${id}`);
  }
  seen(to: string, seq: number): void {
    this.log.push(`seen ${to} ${seq}`);
  }
  read(to: string, seq: number): void {
    this.log.push(`read ${to} ${seq}`);
  }
  forget(to: string): void {
    this.log.push(`forget ${to}`);
  }
  signedIn(as: { readonly session: string } | undefined): Promise<void> {
    this.log.push(`signed in ${as?.session}`);
    return this.signing;
  }
  renamed(): Promise<Memory> {
    return Promise.resolve(new SlowMemory());
  }
  [Symbol.asyncDispose](): Promise<void> {
    this.log.push("closed");
    return Promise.resolve();
  }
}
