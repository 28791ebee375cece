import type { DatabaseSync } from "node:sqlite";
import type { Conversations } from "./conversations.ts";
import { SqlAccounts } from "./sql_accounts.ts";
import { SqlDevices } from "./sql_devices.ts";
import { SqlGuestMarks } from "./sql_guest_marks.ts";
import { SqlGuests } from "./sql_guests.ts";
import { SqlMarks } from "./sql_marks.ts";
import type { PeopleStore } from "./store.ts";
import type { AtOnce } from "./store_link.ts";

/** People in SQLite, within transactions that somebody else begins and ends. */
export function sqlPeople(db: DatabaseSync, conversations: Conversations): AtOnce<PeopleStore> {
  const devices = new SqlDevices(db);
  const accounts = new SqlAccounts(db, devices);
  const marks = new SqlMarks(db, conversations);
  const guests = new SqlGuests(db);
  const guestMarks = new SqlGuestMarks(db, conversations);
  const value = db.prepare("SELECT value FROM setting WHERE key = ?");
  const setValue = db.prepare("INSERT OR REPLACE INTO setting (key, value) VALUES (?, ?)");
  const rooms = db.prepare("SELECT room FROM account_room WHERE account = ? ORDER BY room");
  const enter = db.prepare(
    "INSERT INTO account_room (account, room) SELECT id, ?2 FROM account WHERE id = ?1 ON CONFLICT DO NOTHING",
  );
  const leave = db.prepare("DELETE FROM account_room WHERE account = ? AND room = ?");
  return {
    setting(key) {
      const row = value.get(key);
      return row && String(row["value"]);
    },
    setSetting: (key, text) => void setValue.run(key, text),
    accounts: () => accounts.accounts(),
    retired: () => accounts.retired(),
    enrol: (...args) => accounts.enrol(...args),
    repass: (...args) => accounts.repass(...args),
    setRole: (...args) => accounts.setRole(...args),
    setDisabled: (...args) => accounts.setDisabled(...args),
    unregister: (...args) => accounts.unregister(...args),
    devices: (...args) => devices.devices(...args),
    addDevice: (...args) => devices.addDevice(...args),
    seenDevice: (...args) => devices.seenDevice(...args),
    removeDevice: (...args) => devices.removeDevice(...args),
    roomsOf: (account) => rooms.all(account).map((row) => String(row["room"])),
    setRoom: (account, room, here) => void (here ? enter : leave).run(account, room),
    marksOf: (...args) => marks.marksOf(...args),
    openMarks: (...args) => marks.openMarks(...args),
    mark: (...args) => marks.mark(...args),
    waiting: (...args) => marks.waiting(...args),
    lastOf: (...args) => marks.lastOf(...args),
    identify: (...args) => guests.identify(...args),
    openGuest: (...args) => guestMarks.openGuest(...args),
    inherit: (...args) => guestMarks.inherit(...args),
    release: (...args) => guests.release(...args),
  };
}
