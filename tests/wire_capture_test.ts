import { assert, assertEquals } from "@std/assert";
import { Capture } from "./support/capture.ts";
import { chatCommand } from "./support/chat_pane.ts";
import { networkTest } from "./support/needs.ts";
import { Place } from "./support/network.ts";
import { Served } from "./support/served.ts";
import { temporary } from "./support/temporary.ts";
import { Pane } from "./support/tmux.ts";

const MAIN = new URL("../main.ts", import.meta.url).pathname;
const CHAT = [Deno.execPath(), "run", "--quiet", "-A", MAIN];

/** What people say, and how they are called: made up for each run, and found in nothing else. */
interface Canaries {
  readonly ann: string;
  readonly ben: string;
  readonly said: string;
  readonly whispered: string;
  readonly file: string;
  readonly content: string;
}

function canaries(): Canaries {
  const one = (what: string) => `${what}${crypto.randomUUID().slice(0, 13)}`;
  return {
    ann: one("ann-"),
    ben: one("ben-"),
    said: one("said-"),
    whispered: one("whispered-"),
    file: one("file-"),
    content: one("content-"),
  };
}

/** Two people in their terminals sign in, talk, whisper, and send a file; resolves with what a listener saw of it. */
async function overhear(
  { ann, ben, said, whispered, file, content }: Canaries,
  ...flags: readonly string[]
): Promise<{ readonly seen: string; readonly records: number }> {
  await using after = new AsyncDisposableStack();
  const folder = temporary(after);
  const place = after.use(await Place.open());
  await place.do("ip", "link", "set", "lo", "up");
  const capture = after.use(await Capture.open(place, `${folder}/capture`));
  const server = after.use(await Served.start([...place.prefix, ...CHAT], "--data", `${folder}/data`));
  const env = { LC_ALL: "C.UTF-8", NO_COLOR: "1", HOME: folder, XDG_DOWNLOAD_DIR: `${folder}/downloads` };
  await Deno.writeTextFile(`${folder}/${file}.txt`, content);
  const people = [];
  for (const name of [ann, ben]) {
    const command = [...place.prefix, ...chatCommand(server.port, name, ...flags)];
    const pane = after.use(await Pane.open(command, { env, columns: 120 }));
    await pane.until("Tab completes");
    people.push(pane);
  }
  const [annSees, benSees] = people as [Pane, Pane];
  await annSees.enter(said);
  await benSees.until(said);
  await benSees.enter(`/whisper ${ann} ${whispered}`);
  await annSees.until(whispered);
  await annSees.enter(`/send ${ben} ~/${file}.txt`);
  await benSees.until(`${file}.txt`, "/accept 1 saves it");
  await benSees.enter("/accept");
  await benSees.until("is saved as");
  assertEquals(await Deno.readTextFile(`${folder}/downloads/${file}.txt`), content);
  for (const pane of people) {
    await pane.enter("/quit");
    assertEquals(await pane.exit(), 0);
  }
  return { seen: await capture.end(), records: await capture.records(server.port) };
}

networkTest(
  ["tshark", "tmux", "bash"],
  "[X12] who listens on the line sees no names, no texts and no files, and with --plain what he looks for",
  async () => {
    const secret = canaries();
    const { seen, records } = await overhear(secret);
    assert(records > 20, `only ${records} records of TLS were seen`);
    for (const [what, canary] of Object.entries(secret)) assert(!seen.includes(canary), `${what}: ${canary}`);

    const open = canaries();
    const control = await overhear(open, "--plain");
    assertEquals(control.records, 0);
    const { content, ...readable } = open;
    for (const [what, canary] of Object.entries(readable)) {
      assert(
        control.seen.includes(canary),
        `${what}: ${canary}`,
      );
    }
    assert(!control.seen.includes(content), "a file is sealed by its sender, whatever the line");
  },
);
