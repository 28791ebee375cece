/** `CLOCK_MONOTONIC`, the one clock that all processes of a machine share and nobody sets, by its number on each system. */
const CLOCKS: Partial<Record<typeof Deno.build.os, readonly [library: string, clock: number]>> = {
  linux: ["libc.so.6", 1],
  darwin: ["libSystem.dylib", 6],
};

const time = new BigInt64Array(2);
const read = open();

/** Microseconds since the machine started: what one process reads later than another process is never less. */
export function now(): number {
  read();
  return Number(time[0]) * 1e6 + Math.floor(Number(time[1]) / 1e3);
}

// What the runtime offers starts at zero in each process, or follows the wall clock.
function open(): () => void {
  const [library, clock] = CLOCKS[Deno.build.os] ?? [];
  if (library === undefined || clock === undefined) {
    throw new Error(`There is no shared clock on ${Deno.build.os}`);
  }
  const { symbols } = Deno.dlopen(library, {
    clock_gettime: { parameters: ["i32", "buffer"], result: "i32" },
  });
  return () => {
    if (symbols.clock_gettime(clock, time) !== 0) throw new Error("The clock cannot be read");
  };
}
