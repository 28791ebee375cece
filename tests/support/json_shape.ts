/** What `protocol/scan.ts` must find out about a document, worked out another way: by building its tree. */
export interface Shape {
  readonly depth: number;
  readonly nodes: number;
  /** Keys of the object that has most. */
  readonly widest: number;
  readonly repeats: boolean;
  readonly forbidden: boolean;
  readonly halfPair: boolean;
}

type Tree = string | number | boolean | null | readonly Tree[] | {
  readonly pairs: readonly (readonly [string, Tree])[];
};

const TOKEN =
  // deno-lint-ignore no-control-regex
  /[ \t\n\r]*(?:([{}[\],:])|("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?))/y;

/** The shape of a JSON text; `undefined` if it is none. */
export function shapeOf(json: string): Shape | undefined {
  const tokens = tokensOf(json);
  if (tokens === undefined) return undefined;
  let at = 0;

  function value(): Tree | undefined {
    const token = tokens![at++];
    if (token === undefined) return undefined;
    if (token === "[") return list();
    if (token === "{") return object();
    return "]},:".includes(token) ? undefined : JSON.parse(token);
  }

  function list(): Tree | undefined {
    const items: Tree[] = [];
    if (tokens![at] === "]") return at++, items;
    for (;;) {
      const item = value();
      if (item === undefined) return undefined;
      items.push(item);
      const next = tokens![at++];
      if (next === "]") return items;
      if (next !== ",") return undefined;
    }
  }

  function object(): Tree | undefined {
    const pairs: [string, Tree][] = [];
    if (tokens![at] === "}") return at++, { pairs };
    for (;;) {
      const key = tokens![at++];
      if (!key?.startsWith('"') || tokens![at++] !== ":") return undefined;
      const member = value();
      if (member === undefined) return undefined;
      pairs.push([JSON.parse(key), member]);
      const next = tokens![at++];
      if (next === "}") return { pairs };
      if (next !== ",") return undefined;
    }
  }

  const tree = value();
  return tree === undefined || at !== tokens.length ? undefined : measured(tree);
}

function tokensOf(json: string): string[] | undefined {
  const text = json.replace(/[ \t\n\r]+$/, "");
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const match = TOKEN.exec(text);
    if (match === null) return undefined;
    const token = match[1] ?? match[2] ?? match[3]!;
    // Two words in a row, as in "truefalse" or "00", are no two words.
    if (match[3] !== undefined && /[\w.+-]/.test(text[TOKEN.lastIndex] ?? "")) return undefined;
    tokens.push(token);
  }
  return tokens;
}

function measured(tree: Tree): Shape {
  const own = { depth: 0, nodes: 1, widest: 0, repeats: false, forbidden: false, halfPair: false };
  if (typeof tree === "string") return { ...own, halfPair: !tree.isWellFormed() };
  if (tree === null || typeof tree !== "object") return own;
  const keys = "pairs" in tree ? tree.pairs.map(([key]) => key) : [];
  const children = ("pairs" in tree ? tree.pairs.map(([, child]) => child) : tree).map(measured);
  const distinct = new Set(keys);
  return {
    depth: 1 + Math.max(0, ...children.map((child) => child.depth)),
    nodes: 1 + children.reduce((sum, child) => sum + child.nodes, 0),
    widest: Math.max(distinct.size, ...children.map((child) => child.widest)),
    repeats: distinct.size < keys.length || children.some((child) => child.repeats),
    forbidden: ["__proto__", "constructor", "prototype"].some((key) => distinct.has(key)) ||
      children.some((child) => child.forbidden),
    halfPair: keys.some((key) => !key.isWellFormed()) || children.some((child) => child.halfPair),
  };
}
