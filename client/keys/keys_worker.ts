/// <reference lib="deno.worker" />
import { AccountKeys } from "./account_keys.ts";
import { boxKey, lock, unlock } from "./box.ts";
import { fromUtf8, toText, utf8 } from "./encoding.ts";
import { Ledger } from "./ledger.ts";
import { Mls } from "./mls.ts";
import { Receiver } from "./receiver.ts";
import { readRecords } from "./records.ts";
import { Sender } from "./sender.ts";
import type { Call, Reply, Standing, Steps } from "./steps.ts";

type Taking = {
  readonly [S in keyof Steps]: (given: Parameters<Steps[S]>[0]) => Promise<ReturnType<Steps[S]>>;
};

const mls = await Mls.open();
const ledger = new Ledger();
const account = new AccountKeys(ledger, mls);
const sender = new Sender(ledger, mls);
const receiver = new Receiver(ledger, mls);
let journalKey: CryptoKey | undefined;
let archiving: (() => void) | undefined;

const steps: Taking = {
  async load({ key, journal }) {
    journalKey = await boxKey(key, "journal");
    let read = 0;
    for (const [i, each] of journal.entries()) {
      const plain = await unlock(journalKey, each);
      if (plain === undefined) continue; // torn when a process died: nobody was told of it
      for (const record of readRecords(fromUtf8(plain))) ledger.take(record);
      read = i + 1;
    }
    return read;
  },
  async adopt({ siblings }) {
    for (const each of siblings) {
      const plain = await unlock(journalKey!, each);
      const records = plain === undefined ? [] : readRecords(fromUtf8(plain));
      for (const record of records) if (record.kind === "account") ledger.note(record);
    }
    return standing();
  },
  async found({ exportKey, another }) {
    await account.found(exportKey, { another });
    return standing();
  },
  unlock: ({ vault, exportKey }) => account.unlock(vault, exportKey),
  vault: ({ exportKey }) => account.vault(exportKey),
  async device() {
    await account.device();
    return standing();
  },
  sign: ({ bytes }) => account.sign(bytes),
  pack: ({ name, count, last }) => account.pack(name, count, { last }),
  ready: ({ to, counters }) => Promise.resolve(sender.ready(to, counters)),
  async start(given) {
    await sender.start(given);
    return null;
  },
  seal: (given) => sender.seal(given),
  open: (given) => receiver.open(given),
  async toArchive() {
    const next = await account.toArchive();
    archiving = next?.done;
    return next?.put;
  },
  archived() {
    archiving?.();
    archiving = undefined;
    return Promise.resolve(ledger.unarchived.size);
  },
  whole() {
    ledger.drain();
    return lock(journalKey!, utf8(JSON.stringify([...ledger.whole()])));
  },
  fromArchive: ({ puts, n }) => account.fromArchive(puts, n),
};

/** One step after the other. */
let last: Promise<unknown> = Promise.resolve();

self.onmessage = ({ data }: MessageEvent<Call>) => {
  last = last.then(async () => self.postMessage(await taken(data)));
};

async function taken({ id, step, given }: Call): Promise<Reply> {
  try {
    const take = steps[step] as (given: Call["given"]) => Promise<ReturnType<Steps[keyof Steps]>>;
    const value = await take(given);
    const records = ledger.drain();
    if (records.length === 0 || journalKey === undefined) return { id, value };
    return { id, value, journal: await lock(journalKey, utf8(JSON.stringify(records))) };
  } catch (error) {
    return { id, error: error instanceof Error ? error.message : String(error) };
  }
}

function standing(): Standing {
  const { device } = ledger;
  return {
    identity: ledger.account?.public,
    device: device && { id: device.id, key: toText(device.pair.publicKey) },
    lastResort: ledger.packages.values().some(({ last }) => last),
    archived: ledger.archived,
    unarchived: ledger.unarchived.size,
    vault: ledger.vault,
  };
}
