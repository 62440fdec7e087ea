import { type AnyNode, type Identifier, type Node, type Program, parse } from "acorn";
import { analyze } from "eslint-scope";

/** A place in bundled code that a strategy may not contain; line from 1, column from 0. */
export type Offence = Readonly<{ line: number; column: number; message: string }>;

/** What the language gives that neither knows the time nor chance nor the machine. */
const allowedGlobals = new Set(
  `undefined NaN Infinity Object Array Number String Boolean Symbol BigInt Map Set WeakMap WeakSet Math JSON Reflect RegExp
  Error TypeError RangeError SyntaxError isNaN isFinite parseFloat parseInt ArrayBuffer DataView
  Float64Array Float32Array Int8Array Int16Array Int32Array Uint8Array Uint8ClampedArray Uint16Array Uint32Array
  BigInt64Array BigUint64Array module exports require`.split(/\s+/),
);

/** Parts of Math whose results the language fixes to the last bit. */
const exactMath = new Set(
  `abs ceil clz32 floor fround imul max min round sign sqrt trunc E LN10 LN2 LOG10E LOG2E PI SQRT1_2 SQRT2`.split(
    " ",
  ),
);
const engineMath = new Set(["exp", "log", "pow"]);

const advice: Readonly<Record<string, string>> = {
  Date: "Time comes with the candle: use context.time.",
  performance: "Time comes with the candle: use context.time.",
  process: "A strategy sees no environment: use parameters.",
  fetch: "A strategy has no network: it sees candles only.",
  XMLHttpRequest: "A strategy has no network: it sees candles only.",
  WebSocket: "A strategy has no network: it sees candles only.",
  setTimeout: "A strategy acts in onCandle only.",
  setInterval: "A strategy acts in onCandle only.",
  queueMicrotask: "A strategy acts in onCandle only.",
  Promise: "A strategy answers at once: it cannot wait.",
  console: "Use context.plot to see values.",
  eval: "Code cannot be made while running.",
  Function: "Code cannot be made while running.",
  globalThis: "A strategy sees only what it imports and its context.",
  require: "Write imports as `import { … } from`.",
};

/** Members that reach the machine's language or make code, whatever they hang on. */
const forbiddenMembers: ReadonlyMap<string, string> = new Map([
  ["constructor", "`constructor` cannot be read in a strategy."],
  ["__proto__", "`__proto__` cannot be used in a strategy."],
  ["toLocaleString", "`toLocaleString` differs between machines: use toFixed."],
  ["localeCompare", "`localeCompare` differs between machines: compare with < and >."],
]);

/** The first thing in bundled code that a strategy may not do; null when it is fine. Never runs the code. */
export function checkCode(code: string): Offence | null {
  const tree = parse(code, {
    ecmaVersion: 2024,
    sourceType: "script",
    locations: true,
    ranges: true,
  });
  const offences = [...freeNames(tree), ...forbiddenSyntax(tree)];
  offences.sort((a, b) => a.line - b.line || a.column - b.column);
  return offences[0] ?? null;
}

function freeNames(tree: Program): Offence[] {
  const scopes = analyze(tree as never, { ecmaVersion: 2024, sourceType: "script" });
  const parents = parentsOf(tree);
  const offences: Offence[] = [];
  for (const { identifier } of scopes.globalScope?.through ?? []) {
    const node = identifier as unknown as Identifier;
    const message = complaint(node, parents.get(node));
    if (message !== null) offences.push(offence(node, message));
  }
  return offences;
}

function complaint({ name }: Identifier, parent: AnyNode | undefined): string | null {
  if (name === "Math") return mathComplaint(parent);
  // The bundler's own call is the only way to the engine.
  if (name === "require" && !isEngineImport(parent))
    return `\`require\` cannot be used. ${advice.require}`;
  if (allowedGlobals.has(name)) return null;
  const hint = Object.hasOwn(advice, name)
    ? advice[name]
    : "A strategy sees only what it imports and its context.";
  return `\`${name}\` cannot be used in a strategy. ${hint}`;
}

function mathComplaint(parent: AnyNode | undefined): string | null {
  if (
    parent?.type !== "MemberExpression" ||
    parent.computed ||
    parent.property.type !== "Identifier"
  ) {
    return "Use `Math` only as in Math.max(a, b).";
  }
  const { name } = parent.property;
  if (exactMath.has(name)) return null;
  if (name === "random")
    return "`Math.random` cannot be used: a backtest must give the same result every time.";
  if (engineMath.has(name)) {
    return `\`Math.${name}\` differs between machines: use ${name} from "@trading/engine".`;
  }
  return `\`Math.${name}\` differs between machines and cannot be used in a strategy.`;
}

const isEngineImport = (parent: AnyNode | undefined): boolean =>
  parent?.type === "CallExpression" &&
  parent.arguments.length === 1 &&
  parent.arguments[0]?.type === "Literal" &&
  parent.arguments[0].value === "@trading/engine";

function forbiddenSyntax(tree: Program): Offence[] {
  const offences: Offence[] = [];
  visit(tree, (node) => {
    const message = syntaxComplaint(node);
    if (message !== null) offences.push(offence(node, message));
  });
  return offences;
}

function syntaxComplaint(node: AnyNode): string | null {
  switch (node.type) {
    case "ImportExpression":
      return "Write imports as `import { … } from`.";
    case "AwaitExpression":
      return "A strategy answers at once: it cannot wait.";
    case "BinaryExpression":
      return node.operator === "**" ? powerComplaint : null;
    case "AssignmentExpression":
      return node.operator === "**=" ? powerComplaint : null;
    case "MemberExpression":
      return memberComplaint(node.property, node.computed);
    case "ObjectPattern":
      return node.properties.map(patternComplaint).find((found) => found !== null) ?? null;
    default:
      return null;
  }
}

const patternComplaint = (property: AnyNode): string | null =>
  property.type === "Property" ? memberComplaint(property.key, property.computed) : null;

function memberComplaint(key: AnyNode, computed: boolean): string | null {
  const name = memberName(key, computed);
  return name === null ? null : (forbiddenMembers.get(name) ?? null);
}

const powerComplaint = '`**` differs between machines: use pow from "@trading/engine".';

function memberName(property: AnyNode, computed: boolean): string | null {
  if (property.type === "Identifier") return computed ? null : property.name;
  return property.type === "Literal" && typeof property.value === "string" ? property.value : null;
}

function parentsOf(tree: Program): Map<AnyNode, AnyNode> {
  const parents = new Map<AnyNode, AnyNode>();
  visit(tree, (node, parent) => {
    if (parent !== null) parents.set(node, parent);
  });
  return parents;
}

/** Walks without recursion: depth is the author's to choose. */
function visit(root: AnyNode, each: (node: AnyNode, parent: AnyNode | null) => void): void {
  const open: [AnyNode, AnyNode | null][] = [[root, null]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [node, parent] = next;
    each(node, parent);
    for (const value of Object.values(node)) {
      for (const child of Array.isArray(value) ? value : [value]) {
        if (isNode(child)) open.push([child, node]);
      }
    }
  }
}

const isNode = (value: unknown): value is AnyNode =>
  typeof value === "object" &&
  value !== null &&
  typeof (value as { type?: unknown }).type === "string";

const offence = (node: Node, message: string): Offence => ({
  line: node.loc?.start.line ?? 1,
  column: node.loc?.start.column ?? 0,
  message,
});
