// A process whose client does what it is asked for, a line of JSON after the other, and says so with a line each.
import { lines } from "../torture/lines.ts";
import type { Watched } from "../watched.ts";
import { type Seat, seated } from "./stated_client.ts";

/** What can be asked for. */
export type Wish =
  /** Ends with a goodbye, and comes again. */
  | { readonly do: "sign in again" | "leave" }
  | { readonly do: "register"; readonly password: string }
  | { readonly do: "change the password"; readonly password: string; readonly fresh: string }
  /** Resolves when each has its outcome. */
  | { readonly do: "say"; readonly to: string; readonly texts: readonly string[] }
  | { readonly do: "read"; readonly to: string; readonly text: string };

const seat: Seat = JSON.parse(Deno.args[0]!);
const encoder = new TextEncoder();
let watched = await begin();

async function begin(): Promise<Watched> {
  const begun = await seated(seat);
  await begun.next("online");
  return begun;
}

async function grant(wish: Wish): Promise<void> {
  const { client } = watched;
  switch (wish.do) {
    case "register":
      await client.register(wish.password);
      await client.keys!.look(seat.name);
      return;
    case "change the password":
      return await client.changePassword(wish.password, wish.fresh);
    case "say":
      for (const text of wish.texts) client.say(wish.to, text);
      await client.settled();
      return await client.keys!.settle();
    case "read":
      await watched.next("entry", ({ to, entry }) => to === wish.to && entry.text === wish.text);
      return;
    case "sign in again":
      await watched[Symbol.asyncDispose]();
      watched = await begin();
      return;
    case "leave":
      await watched[Symbol.asyncDispose]();
      return;
    default:
      return wish satisfies never;
  }
}

for await (const line of lines(Deno.stdin.readable)) {
  const wish: Wish = JSON.parse(line);
  await grant(wish);
  Deno.stdout.writeSync(encoder.encode(`${wish.do}\n`));
  if (wish.do === "leave") Deno.exit(0);
}
