const NEWLINE = 10;

/** Calls back with every line that is entered at a terminal, until it is disposed of. */
export function onEnter(entered: () => void): AsyncDisposable {
  const reader = Deno.stdin.readable.getReader();
  const read = async () => {
    for (let next; !(next = await reader.read()).done;) {
      if (next.value.includes(NEWLINE)) entered();
    }
  };
  const reading = read().catch(() => {}); // the terminal is gone: nobody presses anything there
  return {
    async [Symbol.asyncDispose]() {
      await reader.cancel().catch(() => {});
      await reading;
    },
  };
}
