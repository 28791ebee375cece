import type { Event } from "../../protocol/schema.ts";
import type { Denial } from "../denial.ts";
import { type Account, type Device, StoreFull } from "../store/store.ts";
import { hashToken, newToken } from "../token.ts";
import { DISABLED, WRONG } from "./login.ts";
import type { Office } from "./office.ts";

/** How often it is kept that a device was seen. */
const SEEN_MS = 60_000;

/** A device that may sign in, and with what. */
export interface Admitted {
  readonly account: Account;
  readonly device: number;
  readonly token: string;
}

/** The device of `account` that has this token. */
export async function recognise(
  { people, directory, wall }: Office,
  account: Account,
  token: string,
): Promise<Device | undefined> {
  const hash = hashToken(token);
  const device = (await people.devices(account.id)).find((each) => each.hash === hash);
  if (!device || directory.dismissed(account, device.device)) return undefined;
  const now = wall();
  if (now - device.seen >= SEEN_MS) {
    await people.seenDevice(account.id, device.device, now).catch((error) => {
      if (!(error instanceof StoreFull)) throw error; // a full disk keeps nobody out
    });
  }
  return device;
}

/** Lets another device sign in to `account`, whose password was right. */
export function admit(office: Office, account: Account, label: string): Promise<Admitted | Denial> {
  const { people, directory, devicesPerAccount, wall } = office;
  return office.alone(async () => {
    const current = directory.byId(account.id);
    if (current?.record !== account.record) return WRONG; // it has had another password since
    if (current.disabled) return DISABLED;
    const before = await people.devices(account.id);
    const token = newToken();
    const at = wall();
    const fresh = { hash: hashToken(token), label, created: at, seen: at };
    const { device } = await people.addDevice(account.id, fresh, devicesPerAccount);
    if (before.length >= devicesPerAccount) await dismissed(office, current, before);
    return { account: current, device, token };
  });
}

/** All devices of an account; `current` is the one that asks. */
export async function listed(
  { people, keys, household }: Office,
  account: Account,
  current: number | undefined,
): Promise<Event> {
  const here = household.here(account);
  const devices = await people.devices(account.id);
  const published = await keys?.publishers(account.id);
  return {
    type: "devices",
    devices: devices.map(({ device, label, created, seen }) => ({
      device,
      label,
      created: new Date(created).toISOString(),
      seen: new Date(seen).toISOString(),
      here: here.has(device),
      current: device === current,
      ...published?.has(device) ? { keys: published.get(device) } : {},
    })),
  };
}

/** Takes a device away; its connections end, that of `by` once it was answered. */
export function revoke(
  office: Office,
  account: Account,
  { device, by }: { readonly device: number; readonly by: object },
): Promise<Event | Denial> {
  const { people, directory, household, clock } = office;
  return office.alone(async () => {
    const devices = await people.devices(account.id);
    if (!devices.some((each) => each.device === device)) {
      return { code: "device", message: `You have no device ${device}: look at your devices` };
    }
    directory.dismiss(account, device, clock());
    try {
      await people.removeDevice(account.id, device);
    } catch (error) {
      directory.readmit(account, device);
      throw error;
    }
    household.signOut(account, { device, but: by }, REVOKED);
    return { type: "revoked", device };
  });
}

/** What is said to a device that was revoked. */
export const REVOKED = "This device was signed out of the account: sign in with the password";

/** Devices that had to make room for a new one. */
async function dismissed(office: Office, account: Account, before: readonly Device[]): Promise<void> {
  const { people, directory, household, clock } = office;
  const kept = new Set((await people.devices(account.id)).map(({ device }) => device));
  for (const { device } of before) {
    if (kept.has(device)) continue;
    directory.dismiss(account, device, clock());
    household.signOut(
      account,
      { device },
      "The account has too many devices: this one was not used for longest",
    );
  }
}
