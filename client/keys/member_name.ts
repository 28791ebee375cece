/** The name of a device in MLS. */
export function memberName(account: string, device: string): string {
  return `${account}\n${device}`;
}
