/** A file of the page: the same for everybody, with nothing private in it. */
export interface Asset {
  readonly type: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Where the script lies that was made before the program was compiled. */
const BUNDLED = new URL("../../dist/gui.js", import.meta.url);
const ENTRY = new URL("./page/app.tsx", import.meta.url);
const encoder = new TextEncoder();

/** Everything that the page consists of, by path; its script is made here, unless the program is compiled. */
export async function readAssets(): Promise<ReadonlyMap<string, Asset>> {
  const svg = "image/svg+xml";
  return new Map<string, Asset>([
    ["/", { type: "text/html; charset=utf-8", bytes: await read("index.html") }],
    ["/gui.js", { type: "text/javascript; charset=utf-8", bytes: await script() }],
    ["/gui.css", { type: "text/css; charset=utf-8", bytes: await read("style.css", "conversation.css") }],
    ["/icon.svg", { type: svg, bytes: await read("icon.svg") }],
    ["/icon-unread.svg", { type: svg, bytes: await read("icon-unread.svg") }],
    ["/icon-mention.svg", { type: svg, bytes: await read("icon-mention.svg") }],
  ]);
}

async function read(...names: readonly string[]): Promise<Uint8Array<ArrayBuffer>> {
  const texts = names.map((name) => Deno.readTextFile(new URL(`./page/${name}`, import.meta.url)));
  return encoder.encode((await Promise.all(texts)).join("\n"));
}

async function script(): Promise<Uint8Array<ArrayBuffer>> {
  if (Deno.build.standalone) return await Deno.readFile(BUNDLED); // a compiled program has no bundler
  const { success, errors, outputFiles } = await Deno.bundle({
    entrypoints: [ENTRY.pathname],
    platform: "browser",
    minify: true,
    write: false,
  });
  const file = outputFiles?.[0];
  if (success && file !== undefined) return encoder.encode(file.text());
  throw new Error(`The page cannot be bundled: ${errors.map(({ text }) => text).join("; ")}`);
}
