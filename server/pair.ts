import type { LiveMarks, Person } from "./person.ts";

/** One of the two ends of a whisper conversation, and how far it is. */
export interface Side {
  /** Whoever has the name now; a later guest of the same name is somebody else. */
  readonly person: Person;
  readonly marks: LiveMarks;
}

/** The whispers between two people: one log, and how far each of them is. */
export class Pair {
  readonly key: string;
  readonly #sides = new Map<string, Side>();
  /** The seq told last. */
  head: number;

  constructor(key: string, head: number) {
    this.key = key;
    this.head = head;
  }

  /** The end of `person`, if it has one here. */
  side(person: Person): Side | undefined {
    const side = this.#sides.get(person.name);
    return side?.person === person ? side : undefined;
  }

  /** Gives `person` its end; an earlier guest of the name has none any more. */
  sit(person: Person, marks: LiveMarks): Side {
    const side = { person, marks };
    this.#sides.set(person.name, side);
    person.pairs.add(this.key);
    return side;
  }

  /** Both ends; one, when somebody whispers to itself. */
  sides(): MapIterator<Side> {
    return this.#sides.values();
  }

  /** `person` is forgotten; says whether nobody is left. */
  drop(person: Person): boolean {
    if (this.side(person)) this.#sides.delete(person.name);
    return this.#sides.size === 0;
  }
}
