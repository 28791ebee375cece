import {
  MAX_BINARY_BYTES,
  MAX_DEPTH,
  MAX_JSON_BYTES,
  MAX_KEY_DEVICES,
  MAX_KEYS,
  MAX_NAME_POINTS,
  MAX_NODES,
  MAX_PAGE,
  MAX_SEALED,
  MAX_TEXT_BYTES,
  MAX_TEXT_POINTS,
} from "../protocol/limits.ts";

/** Every bound the server keeps, with its default; each has a flag, and `welcome` shows them. */
export interface Limits {
  /** Signed-in clients at once. */
  readonly clients: number;
  /** Connections from one address, and how many of them may be without a name. */
  readonly perAddress: number;
  readonly strangersPerAddress: number;
  /** New connections a minute from one address. */
  readonly connectsPerMinute: number;
  /** Connections without a name in all; from half of it on, new ones are dropped more and more often. */
  readonly strangers: number;
  /** Messages of one client: how many at once, and how many a second in the long run. */
  readonly messageBurst: number;
  readonly messageRate: number;
  /** Other requests of one client, likewise. */
  readonly requestBurst: number;
  readonly requestRate: number;
  /** Bytes read from one client, likewise. */
  readonly byteBurst: number;
  readonly byteRate: number;
  /** Messages a second into one room, from everybody together. */
  readonly roomRate: number;
  /** Rooms one client may be in. */
  readonly roomsPerUser: number;
  /** New rooms an hour from one address. */
  readonly roomsPerHour: number;
  /** Pages of history of one client a second, in the long run. */
  readonly historyRate: number;
  /** Members of a room up to which comings and goings are announced. */
  readonly presence: number;
  /** Bytes a client may be behind before it is closed as a slow reader. */
  readonly lagBytes: number;
  /** Seconds a client may take nothing of what waits for it. */
  readonly stallSeconds: number;
  /** Seconds to the first frame, to a name, to the end of a frame once begun. */
  readonly helloSeconds: number;
  readonly signInSeconds: number;
  readonly frameSeconds: number;
  /** Seconds of silence after which a client is asked for a sign of life, and after which it is closed. */
  readonly pingSeconds: number;
  readonly idleSeconds: number;
  /** Seconds a vanished guest's name is kept, and after which the others are told that it left. */
  readonly holdSeconds: number;
  readonly graceSeconds: number;
  /** Seconds a session Worker may take for one chunk. */
  readonly patienceSeconds: number;
  /** New accounts an hour from one address. */
  readonly accountsPerHour: number;
  /** Connections of one account at once, and devices that may sign in to it without its password. */
  readonly sessionsPerAccount: number;
  readonly devicesPerAccount: number;
  /** Whispers kept for an account that is away, and their bytes of text: in all, and from one sender. */
  readonly mailboxEntries: number;
  readonly mailboxBytes: number;
  readonly mailboxPerSender: number;
  readonly mailboxBytesPerSender: number;
  /** Characters that an account may keep in its archive. */
  readonly archiveBytes: number;
  /** Bytes of one file, of all files of one owner, and of all there are; sealed ones count as such. */
  readonly fileBytes: number;
  readonly fileOwnerBytes: number;
  readonly fileTotalBytes: number;
  /** Files that one owner may be sending at once. */
  readonly fileUploads: number;
  /** Days that a file is kept. */
  readonly fileDays: number;
}

export const DEFAULT_LIMITS: Limits = {
  clients: 10_000,
  perAddress: 16,
  strangersPerAddress: 8,
  connectsPerMinute: 60,
  strangers: 64,
  messageBurst: 20,
  messageRate: 5,
  requestBurst: 40,
  requestRate: 10,
  byteBurst: 256 * 1024,
  byteRate: 64 * 1024,
  roomRate: 100,
  roomsPerUser: 20,
  roomsPerHour: 5,
  historyRate: 2,
  presence: 1_000,
  lagBytes: 1024 * 1024,
  stallSeconds: 10,
  helloSeconds: 2,
  signInSeconds: 10,
  frameSeconds: 10,
  pingSeconds: 30,
  idleSeconds: 75,
  holdSeconds: 30,
  graceSeconds: 2,
  patienceSeconds: 2,
  accountsPerHour: 5,
  sessionsPerAccount: 5,
  devicesPerAccount: 20,
  mailboxEntries: 10_000,
  mailboxBytes: 64 * 1024 * 1024,
  mailboxPerSender: 500,
  mailboxBytesPerSender: 4 * 1024 * 1024,
  archiveBytes: 64 * 1024 * 1024,
  fileBytes: 100 * 1024 * 1024,
  fileOwnerBytes: 1024 ** 3,
  fileTotalBytes: 10 * 1024 ** 3,
  fileUploads: 3,
  fileDays: 30,
};

/**
 * What `--no-limits` lifts: rates and counts, for trusted networks and load tests. No size and no patience is among
 * them, nor what is kept on disk for an account: its devices and its mailbox. A vanished guest's name is kept for 1 s.
 */
export const NO_LIMITS: Partial<Limits> = {
  clients: Infinity,
  perAddress: Infinity,
  strangersPerAddress: Infinity,
  connectsPerMinute: Infinity,
  strangers: Infinity,
  messageBurst: Infinity,
  messageRate: Infinity,
  requestBurst: Infinity,
  requestRate: Infinity,
  byteBurst: Infinity,
  byteRate: Infinity,
  roomRate: Infinity,
  roomsPerUser: Infinity,
  roomsPerHour: Infinity,
  historyRate: Infinity,
  accountsPerHour: Infinity,
  sessionsPerAccount: Infinity,
  holdSeconds: 1,
};

/** The limits as `welcome` shows them: in the wire's spelling, without those that are lifted. */
export function shown(limits: Limits): Record<string, number> {
  const out: Record<string, number> = {
    json_bytes: MAX_JSON_BYTES,
    binary_bytes: MAX_BINARY_BYTES,
    depth: MAX_DEPTH,
    keys: MAX_KEYS,
    nodes: MAX_NODES,
    text_points: MAX_TEXT_POINTS,
    text_bytes: MAX_TEXT_BYTES,
    name_points: MAX_NAME_POINTS,
    page: MAX_PAGE,
    sealed_chars: MAX_SEALED,
    key_devices: MAX_KEY_DEVICES,
  };
  for (const [name, value] of Object.entries(limits)) {
    if (value !== Infinity) out[name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)] = value;
  }
  return out;
}
