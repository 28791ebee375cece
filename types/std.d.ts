/**
 * What we use of `npm:deno-std`, which comes without types. `tests/std_types_test.ts` checks that every name declared
 * here is really there.
 */
declare module "@std/assert" {
  export class AssertionError extends Error {}
  export function assert(expr: unknown, msg?: string): asserts expr;
  export function assertEquals<T>(actual: T, expected: T, msg?: string): void;
  export function assertNotEquals<T>(actual: T, expected: T, msg?: string): void;
  export function assertStrictEquals<T>(actual: unknown, expected: T, msg?: string): asserts actual is T;
  export function assertExists<T>(actual: T, msg?: string): asserts actual is NonNullable<T>;
  export function assertMatch(actual: string, expected: RegExp, msg?: string): void;
  export function assertStringIncludes(actual: string, expected: string, msg?: string): void;
  export function assertThrows(
    fn: () => unknown,
    // deno-lint-ignore no-explicit-any
    ErrorClass?: new (...args: any[]) => Error,
    msgIncludes?: string,
  ): Error;
  export function assertRejects(
    fn: () => PromiseLike<unknown>,
    // deno-lint-ignore no-explicit-any
    ErrorClass?: new (...args: any[]) => Error,
    msgIncludes?: string,
  ): Promise<Error>;
  export function fail(msg?: string): never;
}
declare module "@std/cli/parse-args" {
  export interface ParseOptions<S extends string, B extends string, C extends string, D> {
    readonly string?: readonly S[];
    readonly boolean?: readonly B[];
    readonly collect?: readonly C[];
    readonly negatable?: readonly string[];
    readonly alias?: Readonly<Record<string, string | readonly string[]>>;
    readonly default?: D;
    readonly stopEarly?: boolean;
    readonly unknown?: (arg: string, key?: string, value?: unknown) => unknown;
  }
  export type Args<S extends string, B extends string> =
    & { _: (string | number)[] }
    & { [K in S]?: string }
    & { [K in B]: boolean };
  export function parseArgs<
    const S extends string = never,
    const B extends string = never,
    const C extends string = never,
    D extends object = Record<never, never>,
  >(args: readonly string[], options?: ParseOptions<S, B, C, D>): Args<S, B>;
}
declare module "@std/fmt/bytes" {
  export function format(bytes: number, options?: { readonly binary?: boolean }): string;
}
declare module "@std/fmt/colors" {
  export function setColorEnabled(value: boolean): void;
  export function getColorEnabled(): boolean;
  export function bold(str: string): string;
  export function dim(str: string): string;
  export function inverse(str: string): string;
  export function red(str: string): string;
  export function green(str: string): string;
  export function yellow(str: string): string;
  export function blue(str: string): string;
  export function magenta(str: string): string;
  export function cyan(str: string): string;
  export function brightRed(str: string): string;
  export function brightGreen(str: string): string;
  export function brightYellow(str: string): string;
  export function brightBlue(str: string): string;
  export function brightMagenta(str: string): string;
  export function brightCyan(str: string): string;
}
declare module "@std/streams/text-line-stream" {
  export class TextLineStream extends TransformStream<string, string> {
    constructor(options?: { readonly allowCR?: boolean });
  }
}
