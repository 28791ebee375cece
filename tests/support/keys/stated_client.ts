import { MlsKeys } from "../../../client/keys/mls_keys.ts";
import { tcp } from "../../../client/transport.ts";
import { Pocket } from "../pocket.ts";
import { type Heard, tapped } from "../torture/tap.ts";
import { connect, type Watched } from "../watched.ts";

/** Where somebody chats whose key store is looked at. */
export interface Seat {
  readonly name: string;
  readonly port: number;
  /** What the client remembers. */
  readonly pocket: string;
  /** Where the folder of its keys is. */
  readonly keys: string;
  /** A file in which stands, before it leaves, what leaves that needs keys; what was acknowledged of it, and what was told of keys. */
  readonly told: string;
}

/** One line of that file. */
export type Said =
  | { readonly sealed: string; readonly id: string; readonly to: string }
  | {
    readonly publish: {
      readonly device?: string;
      readonly statement?: { readonly key: string };
      readonly packages?: readonly string[];
      readonly last_resort?: string;
    };
  }
  | { readonly acked: string }
  | { readonly news: string };

/** A client in its seat, on its way. */
export async function seated({ name, port, pocket, keys, told }: Seat): Promise<Watched> {
  const note = noteIn(told);
  const leaving = (frame: Heard) => {
    const { type, id, to, sealed } = frame as Record<string, string>;
    if (type === "whisper" && sealed !== undefined) note({ sealed, id: id!, to: to! });
    if (type === "publish") note({ publish: frame });
  };
  const coming = ({ type, from, id }: Heard) => {
    if (type === "whisper" && from === name) note({ acked: id as string });
  };
  return connect(port, name, {
    ...await Pocket.at(pocket).options(name),
    dial: async () => tapped(await tcp("127.0.0.1", port), { leaving, coming }),
    keys: ({ ask, tell }) =>
      new MlsKeys({
        ask,
        tell: (news) => {
          if (news.kind === "keys") note({ news: news.code });
          tell(news);
        },
      }, (name) => `${keys}/${name}`),
  });
}

/** What is told in a file. */
export async function saidIn(path: string): Promise<Said[]> {
  const text = await Deno.readTextFile(path);
  return text.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
}

function noteIn(path: string): (said: Said) => void {
  const encoder = new TextEncoder();
  return (said) =>
    Deno.writeFileSync(path, encoder.encode(`${JSON.stringify(said)}\n`), { append: true, create: true });
}
