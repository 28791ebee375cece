import { MemoryKeys } from "../../server/store/memory_keys.ts";
import { MemoryPeople } from "../../server/store/memory_people.ts";
import type { PeopleStore } from "../../server/store/store.ts";

/** A store of people that is empty, without conversations. */
export function somePeople(): PeopleStore {
  return new MemoryPeople({ head: () => 0, after: () => [], keys: () => [] }, new MemoryKeys());
}

/** The same people, but for what is done otherwise. */
export function peopleWith(people: PeopleStore, otherwise: Partial<PeopleStore>): PeopleStore {
  return new Proxy(people, {
    get(target, key: keyof PeopleStore) {
      const value = otherwise[key] ?? target[key];
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
