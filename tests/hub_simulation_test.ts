import { assert, assertEquals } from "@std/assert";
import { MemoryStore } from "../server/store/memory.ts";
import { Person, Truth } from "./support/hub_model.ts";
import { HubRig } from "./support/hub_rig.ts";
import { randomFrom } from "./support/random.ts";
import { SlowStore } from "./support/slow_store.ts";

const NAMES = ["ann", "ben", "cat", "dan"];
const ROOMS = ["lobby", "tea", "coffee"];
const STEPS = 400;
const SEEDS = 25;

/** A small world of guests who come, go and talk at random. */
class World {
  readonly rig: HubRig;
  readonly truth = new Truth();
  readonly people = NAMES.map((name) => new Person(name, this.truth));
  readonly #random: () => number;
  #ids = 0;

  constructor(seed: number, { keep, slow }: { readonly keep: number; readonly slow: boolean }) {
    this.#random = randomFrom(seed);
    const store = slow ? new SlowStore(randomFrom(-seed), { keep }) : new MemoryStore({ keep });
    this.rig = new HubRig({ store });
  }

  /** Up to three people come or do something, at the same time. */
  async step(): Promise<void> {
    const some = this.people.filter(() => this.#random() < 0.4).slice(0, 3);
    const acting = some.filter((person) => person.guest);
    const coming = some.filter((person) => !person.guest).map((person) => this.#return(person));
    await Promise.all([...coming, ...acting.map((person) => this.#act(person))]);
    if (this.#random() < 0.1) await this.rig.pass(this.#random() * 12);
    await this.rig.settle();
    for (const person of this.people) person.read();
  }

  async #return(person: Person): Promise<void> {
    await person.enter(this.rig, { again: this.#random() < 0.8, cursors: this.#random() < 0.7 });
  }

  async #act(person: Person): Promise<void> {
    const { rig } = this;
    const guest = person.guest!;
    const what = this.#random();
    const room = this.#any(ROOMS);
    if (what < 0.35) return await this.#say(person, room);
    if (what < 0.55) return await this.#whisper(person, this.#any(this.people));
    if (what < 0.62) return await this.#repeat(person);
    if (what < 0.72) return await rig.join(guest, room);
    if (what < 0.77) return await rig.leave(guest, room);
    if (what < 0.82) return guest.stall();
    if (what < 0.87) return guest.flow();
    if (what < 0.92) return await this.#takeOver(person);
    person.gone();
    await (what < 0.97 ? rig.vanish(guest, this.#any([undefined, "idle", "slow_reader"])) : rig.bye(guest));
  }

  async #say(person: Person, room: string): Promise<void> {
    const id = `id-${++this.#ids}`;
    person.said.push({ to: room, id, text: id });
    await this.rig.say(person.guest!, room, id, id);
  }

  async #whisper(person: Person, other: Person): Promise<void> {
    const id = `id-${++this.#ids}`;
    const text = `${person.life} ${other.life} ${id}`;
    person.said.push({ to: `@${other.name}`, id, text });
    await this.rig.whisper(person.guest!, other.name, text, id);
  }

  async #repeat(person: Person): Promise<void> {
    if (person.said.length === 0) return;
    const { to, id, text } = this.#any(person.said.slice(-5)); // not so old that the log has lost it
    if (to.startsWith("@")) {
      // whispering it for the first time now would be to whoever has the name now
      const other = this.people.find(({ name }) => name === to.slice(1))!;
      if (Number(text.split(" ")[1]) === other.life) {
        await this.rig.whisper(person.guest!, to.slice(1), text, id);
      }
    } else await this.rig.say(person.guest!, to, text, id);
  }

  /** Comes back by another connection while the first one still seems alive. */
  async #takeOver(person: Person): Promise<void> {
    const before = person.guest!;
    person.read();
    person.gone();
    await person.enter(this.rig, { again: true, cursors: true });
    assertEquals(before.ended, "replaced");
    await this.rig.vanish(before, "replaced");
  }

  #any<T>(of: readonly T[]): T {
    return of[Math.floor(this.#random() * of.length)]!;
  }
}

for (let seed = 1; seed <= SEEDS; seed++) {
  const keep = seed % 2 === 0 ? 10_000 : 30;
  const slow = seed % 4 >= 2;
  Deno.test(`[L1] [L2] [M3] [P4] [R2] [R4] people who come, go and talk at random (seed ${seed}, ${keep} kept${slow ? " slowly" : ""})`, async () => {
    const world = new World(seed, { keep, slow });
    for (let step = 0; step < STEPS; step++) await world.step();
    assert(world.truth.size > STEPS / 4, "too little was said");

    for (const person of world.people) {
      person.guest?.flow();
      if (!person.guest) await person.enter(world.rig, { again: true, cursors: true });
    }
    for (let turns = 0; turns < 5; turns++) await world.rig.settle();
    for (const person of world.people) {
      person.read();
      for (const [room, seq] of person.rooms) {
        const { head } = await world.rig.store.extent(`#${room}`);
        assertEquals(seq, head, `${person.name} has not all of ${room}`);
      }
    }
  });
}
