/**
 * Takes from a session Worker what decoding does not need, before the first byte of input. Its permissions are none
 * already; this is about what needs no permission: more Workers, compiled code, shared memory, other threads' ears.
 */
const GONE = [
  "Atomics",
  "BroadcastChannel",
  "Buffer",
  "Cache",
  "CacheStorage",
  "Deno",
  "EventSource",
  "ImageData",
  "MessageChannel",
  "SharedArrayBuffer",
  "WebAssembly",
  "WebSocket",
  "WebSocketStream",
  "WebTransport",
  "Worker",
  "XMLHttpRequest",
  "alert",
  "caches",
  "close",
  "confirm",
  "console",
  "createImageBitmap",
  "eval",
  "fetch",
  "global",
  "importScripts",
  "indexedDB",
  "localStorage",
  "navigator",
  "process",
  "prompt",
  "sessionStorage",
] as const;

for (const name of GONE) remove(globalThis, name);

/** Code from text: `eval` is gone with the list above, these are the constructors behind every function. */
for (const sample of [() => {}, async () => {}, function* () {}, async function* () {}]) {
  remove(Object.getPrototypeOf(sample), "constructor");
}
remove(globalThis, "Function");

/** Where a name is inherited, an empty one of our own hides it. */
function remove(from: object, name: string): void {
  for (let owner: object | null = from; owner; owner = Object.getPrototypeOf(owner)) {
    Reflect.deleteProperty(owner, name);
  }
  if (name in from) {
    Object.defineProperty(from, name, { value: undefined, writable: false, configurable: false });
  }
}
