import type { PeopleStore } from "./store.ts";

type Parts<M extends keyof PeopleStore> = Parameters<PeopleStore[M]>;

/** Asks the Worker that writes. */
type Ask = <M extends keyof PeopleStore>(call: M, ...args: Parts<M>) => ReturnType<PeopleStore[M]>;

/** People, as the Worker that writes knows them. */
export class PeopleClient implements PeopleStore {
  readonly #ask: Ask;

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  setting(...args: Parts<"setting">) {
    return this.#ask("setting", ...args);
  }
  setSetting(...args: Parts<"setSetting">) {
    return this.#ask("setSetting", ...args);
  }
  accounts() {
    return this.#ask("accounts");
  }
  retired() {
    return this.#ask("retired");
  }
  enrol(...args: Parts<"enrol">) {
    return this.#ask("enrol", ...args);
  }
  repass(...args: Parts<"repass">) {
    return this.#ask("repass", ...args);
  }
  setRole(...args: Parts<"setRole">) {
    return this.#ask("setRole", ...args);
  }
  setDisabled(...args: Parts<"setDisabled">) {
    return this.#ask("setDisabled", ...args);
  }
  unregister(...args: Parts<"unregister">) {
    return this.#ask("unregister", ...args);
  }
  devices(...args: Parts<"devices">) {
    return this.#ask("devices", ...args);
  }
  addDevice(...args: Parts<"addDevice">) {
    return this.#ask("addDevice", ...args);
  }
  seenDevice(...args: Parts<"seenDevice">) {
    return this.#ask("seenDevice", ...args);
  }
  removeDevice(...args: Parts<"removeDevice">) {
    return this.#ask("removeDevice", ...args);
  }
  roomsOf(...args: Parts<"roomsOf">) {
    return this.#ask("roomsOf", ...args);
  }
  setRoom(...args: Parts<"setRoom">) {
    return this.#ask("setRoom", ...args);
  }
  marksOf(...args: Parts<"marksOf">) {
    return this.#ask("marksOf", ...args);
  }
  openMarks(...args: Parts<"openMarks">) {
    return this.#ask("openMarks", ...args);
  }
  mark(...args: Parts<"mark">) {
    return this.#ask("mark", ...args);
  }
  waiting(...args: Parts<"waiting">) {
    return this.#ask("waiting", ...args);
  }
  lastOf(...args: Parts<"lastOf">) {
    return this.#ask("lastOf", ...args);
  }
  identify(...args: Parts<"identify">) {
    return this.#ask("identify", ...args);
  }
  openGuest(...args: Parts<"openGuest">) {
    return this.#ask("openGuest", ...args);
  }
  inherit(...args: Parts<"inherit">) {
    return this.#ask("inherit", ...args);
  }
  release(...args: Parts<"release">) {
    return this.#ask("release", ...args);
  }
}
