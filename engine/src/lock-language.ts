import { Context } from "./context.ts";
import { IndicatorMemory } from "./indicator-memory.ts";
import { Line } from "./line.ts";
import { OrderView } from "./order-view.ts";
import { Position } from "./position.ts";
import { WalletContext } from "./several/wallet-context.ts";

/** What the language itself brings; everything else on the global object is the machine's. */
export const languageGlobals: ReadonlySet<string> = new Set(
  `globalThis undefined NaN Infinity Object Function Array Number String Boolean Symbol BigInt Map Set WeakMap WeakSet Math
  JSON Reflect Proxy RegExp Promise Error AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError
  isNaN isFinite parseFloat parseInt ArrayBuffer DataView Float64Array Float32Array Int8Array Int16Array Int32Array
  Uint8Array Uint8ClampedArray Uint16Array Uint32Array BigInt64Array BigUint64Array Iterator`.split(
    /\s+/,
  ),
);

/** Inherited names that ordinary code gives a meaning of its own on its own objects. */
const overridden: ReadonlySet<PropertyKey> = new Set([
  "message",
  "name",
  "toJSON",
  "toString",
  "valueOf",
]);

/**
 * Locks the language and what strategies are handed against changes: no method can be replaced under the engine. Call it in a thread that runs strategies and nothing else, before the first one
 * is evaluated; it holds until the thread ends.
 */
export function lockLanguage(): void {
  for (const { prototype } of [Context, WalletContext, Position, OrderView, Line, IndicatorMemory])
    Object.freeze(prototype);
  const global = globalThis as unknown as Readonly<Record<string, unknown>>;
  const makers = [function* () {}, async () => {}, async function* () {}].map(parentOf);
  const named = [...languageGlobals].filter(
    (name) => isObject(global[name]) && name !== "globalThis",
  );
  const iterators = [[], "", new Map(), new Set(), "".matchAll(/a/g)].map((many) =>
    parentOf(many[Symbol.iterator]()),
  );
  const found = [...named.map((name) => global[name]), ...makers, ...iterators];
  for (const one of withPrototypes(found)) lock(one);
  for (const name of named)
    Object.defineProperty(global, name, { writable: false, configurable: false });
}

const parentOf = (value: object): unknown => Object.getPrototypeOf(value);

const isObject = (value: unknown): value is object =>
  (typeof value === "object" && value !== null) || typeof value === "function";

/** These objects with what they and their instances inherit from. */
function withPrototypes(found: readonly unknown[]): ReadonlySet<object> {
  const all = new Set<object>();
  const add = (one: unknown) => {
    if (!isObject(one) || all.has(one)) return;
    all.add(one);
    add(parentOf(one));
    add(Object.getOwnPropertyDescriptor(one, "prototype")?.value);
  };
  for (const one of found) add(one);
  return all;
}

/** Fixes every property. Those that objects commonly override stay overridable on the objects that inherit them. */
function lock(object: object): void {
  for (const name of Reflect.ownKeys(object)) {
    const known = Object.getOwnPropertyDescriptor(object, name);
    if (!known?.configurable || !("value" in known) || !overridden.has(name)) continue;
    if (typeof object !== "function")
      Object.defineProperty(object, name, overridable(object, name, known));
  }
  Object.freeze(object);
}

const overridable = (
  owner: object,
  name: PropertyKey,
  { value, enumerable }: PropertyDescriptor,
): PropertyDescriptor => ({
  enumerable: enumerable === true,
  configurable: false,
  get: () => value,
  set(this: object, own: unknown) {
    if (this === owner) throw new TypeError(`${String(name)} of the language cannot be changed.`);
    Object.defineProperty(this, name, {
      value: own,
      writable: true,
      enumerable: true,
      configurable: true,
    });
  },
});
