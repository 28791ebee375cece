/** What a session Worker must not be able to do. Run inside it; each must reject. */
export const PROBES: readonly (readonly [name: string, probe: () => Promise<unknown>])[] = [
  // more power by a global
  ...[
    "Atomics",
    "BroadcastChannel",
    "Buffer",
    "Cache",
    "CacheStorage",
    "Deno",
    "EventSource",
    "Function",
    "MessageChannel",
    "SharedArrayBuffer",
    "WebAssembly",
    "WebSocket",
    "WebSocketStream",
    "Worker",
    "XMLHttpRequest",
    "alert",
    "caches",
    "close",
    "confirm",
    "console",
    "eval",
    "fetch",
    "global",
    "importScripts",
    "indexedDB",
    "localStorage",
    "navigator",
    "process",
    "prompt",
    "require",
    "sessionStorage",
  ].map((name) => [`the global ${name}`, () => there(name)] as const),
  // the same by a detour
  ["a global behind a prototype", () => inherited("Deno")],
  ["a global brought back", () => restored("Deno")],
  ["code from text by a function", () => compiled(() => {})],
  ["code from text by an async function", () => compiled(async () => {})],
  ["code from text by a generator", () => compiled(function* () {})],
  ["code from text by an async generator", () => compiled(async function* () {})],
  ["code from text by a class", () => compiled(class {})],
  ["code from text by a timer", () => timed()],
  // files, net, processes and the rest, by modules that are always there
  ["reading a file", async () => (await node("fs")).readFileSync("/etc/hostname")],
  ["writing a file", async () => (await node("fs")).writeFileSync("/tmp/chat-probe", "x")],
  ["listing a folder", async () => (await node("fs")).readdirSync("/")],
  ["a connection", async () => await connected((await node("net")).connect(9, "127.0.0.1"))],
  ["a server", async () => await connected((await node("net")).createServer().listen(0))],
  ["a process", async () => (await node("child_process")).execSync("true")],
  ["a variable of the environment", async () => (await node("process")).env.PATH.length],
  ["the name of the machine", async () => (await node("os")).hostname().length],
  ["a module from the network", () => import(`https://example${".com"}/x.ts`)],
  ["a module from a file", () => import(`file:///etc/${"hostname"}`)],
];

async function there(name: string): Promise<void> {
  const value = await Promise.resolve((globalThis as Record<string, unknown>)[name]);
  if (value === undefined) throw new Error("it is gone");
}

function inherited(name: string): Promise<void> {
  for (let owner = Object.getPrototypeOf(globalThis); owner; owner = Object.getPrototypeOf(owner)) {
    if (owner[name] !== undefined) return Promise.resolve();
  }
  return Promise.reject(new Error("it is gone"));
}

function restored(name: string): Promise<void> {
  Reflect.deleteProperty(globalThis, name);
  return there(name);
}

// deno-lint-ignore ban-types -- any function will do
async function compiled(sample: Function): Promise<void> {
  const constructor = await Promise.resolve(
    sample.constructor as ((code: string) => () => unknown) | undefined,
  );
  constructor!("return 1")();
}

function timed(): Promise<void> {
  return new Promise((resolve, reject) => {
    (globalThis as unknown as { timed: () => void }).timed = resolve;
    setTimeout("globalThis.timed()" as unknown as () => void, 0);
    setTimeout(() => reject(new Error("it was not run")), 50);
  });
}

// deno-lint-ignore no-explicit-any -- whatever there is
async function node(name: string): Promise<any> {
  return (await import(`node:${name}`)).default;
}

function connected(socket: { on(event: string, listener: (error?: Error) => void): unknown }): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.on("error", (error) => reject(error));
    socket.on("connect", () => resolve());
    socket.on("listening", () => resolve());
  });
}
