import { MemoryPeople } from "../../server/store/memory_people.ts";
import type { PeopleStore } from "../../server/store/store.ts";

/** A store of people that is empty, without conversations. */
export function somePeople(): PeopleStore {
  return new MemoryPeople({ head: () => 0, after: () => [], keys: () => [] });
}
