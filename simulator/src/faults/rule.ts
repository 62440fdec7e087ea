/** Where in a request's life an effect strikes: before the exchange acted, or after. */
export type Moment = "before" | "after";

/** Effects on one request and its answer. */
export type RequestEffect =
  | { kind: "delay"; ms: number; moment: Moment }
  | { kind: "reset"; moment: Moment }
  | { kind: "hang"; moment: Moment }
  /** Headers, then nothing. */
  | { kind: "stall" }
  | { kind: "body"; body: "empty" | "truncated" | "html" | "object"; status: number }
  /** The given answer; "after" means the exchange did act. */
  | {
      kind: "error";
      moment: Moment;
      status: number;
      code: number;
      message: string;
      isHtml: boolean;
      /** Seconds to wait, as 429 and 418 carry. */
      retryAfter: number | null;
    }
  /**
   * The engine gets the request this much later; the answer may be -1007 by then. With isCut the client's
   * connection breaks at once and the request still arrives.
   */
  | { kind: "late"; ms: number; isCut: boolean };

/** Effects on one stream event. */
export type EventEffect =
  | { kind: "drop" }
  | { kind: "duplicate" }
  | { kind: "reorder" }
  /** A depth update is lost together with its update ids. */
  | { kind: "gap" }
  /** Connections stay open and say nothing. */
  | { kind: "silence" };

/** Conditions that hold as long as their rule does. */
export type StateEffect =
  | { kind: "skew"; ms: number }
  /** Fresh orders are not found by reads for so long. */
  | { kind: "stale"; ms: number }
  | { kind: "squeeze"; weightPerMinute: number; ordersPerTenSeconds: number }
  | { kind: "maintenance" }
  /** The longest recvWindow granted, and how long the engine may take. */
  | { kind: "profile"; recvWindowMs: number; engineTimeoutMs: number }
  | { kind: "halt"; symbol: string; status: "HALT" | "BREAK" | "CANCEL_ONLY" }
  | { kind: "pieces"; pieces: number }
  /** Every connection is cut, again and again. */
  | { kind: "storm"; everyMs: number };

export type Effect = RequestEffect | EventEffect | StateEffect;

export const requestKinds: ReadonlySet<string> = new Set<RequestEffect["kind"]>([
  "delay",
  "reset",
  "hang",
  "stall",
  "body",
  "error",
  "late",
]);
export const eventKinds: ReadonlySet<string> = new Set<EventEffect["kind"]>([
  "drop",
  "duplicate",
  "reorder",
  "gap",
  "silence",
]);
/** Conditions that can hold for one request and not for the next. */
export const conditionKinds: ReadonlySet<string> = new Set<StateEffect["kind"]>([
  "skew",
  "stale",
  "squeeze",
  "maintenance",
  "profile",
  "halt",
]);

/** Which requests or events a rule means; what is absent matches everything. */
export type Selector = Readonly<{
  /** "POST /api/v3/order", "order.place", or a part of one. */
  operation?: string;
  symbol?: string;
  account?: number;
  /** The beginning of a client order id. */
  clientId?: string;
  /** The beginning of a stream's name, or "user" for account events. */
  stream?: string;
}>;

export type NewRule = Readonly<{
  effect: Effect;
  when?: Selector;
  probability?: number;
  /** How often it strikes before it is used up. */
  count?: number;
}>;

export type FaultRule = {
  readonly id: number;
  readonly effect: Effect;
  readonly when: Selector;
  readonly probability: number;
  left: number | null;
  struck: number;
};

const moments = ["before", "after"] as const;

/** Reads a rule from JSON. Throws a sentence that says what is wrong. */
export function readRule(given: unknown): NewRule {
  const { effect, when, probability, count } = record(given, "a fault");
  const chance = probability === undefined ? undefined : number(probability, "probability", 0, 1);
  const times = count === undefined ? undefined : whole(count, "count", 1, 1e9);
  const read = readEffect(record(effect, "effect"));
  return {
    effect: read,
    when: readSelector(when === undefined ? {} : record(when, "when"), selectorsOf(read)),
    ...(chance === undefined ? {} : { probability: chance }),
    ...(times === undefined ? {} : { count: times }),
  };
}

function readEffect(given: Record<string, unknown>): Effect {
  const ms = (): number => number(given.ms, "effect.ms", -86_400_000, 86_400_000);
  const moment = (): Moment => oneOf(given.moment ?? "before", moments, "effect.moment");
  switch (given.kind) {
    case "delay":
      return { kind: "delay", ms: ms(), moment: moment() };
    case "reset":
    case "hang":
      return { kind: given.kind, moment: moment() };
    case "late":
      return { kind: "late", ms: ms(), isCut: given.isCut === true };
    case "skew":
    case "stale":
      return { kind: given.kind, ms: ms() };
    case "stall":
    case "drop":
    case "duplicate":
    case "reorder":
    case "gap":
    case "silence":
    case "maintenance":
      return { kind: given.kind };
    default:
      return readLargeEffect(given);
  }
}

const mostStatus = 599;
const mostPieces = 1000;

function readLargeEffect(given: Record<string, unknown>): Effect {
  const field = (name: string, least: number, most = 1e9): number =>
    whole(given[name], `effect.${name}`, least, most);
  switch (given.kind) {
    case "body":
      return {
        kind: "body",
        body: oneOf(given.body, ["empty", "truncated", "html", "object"] as const, "effect.body"),
        status: given.status === undefined ? 200 : field("status", 200, mostStatus),
      };
    case "error":
      return {
        kind: "error",
        moment: oneOf(given.moment ?? "before", moments, "effect.moment"),
        status: given.status === undefined ? 400 : field("status", 300, mostStatus),
        code: number(given.code ?? -1000, "effect.code", -10_000, 0),
        message: text(
          given.message ?? "An unknown error occurred while processing the request.",
          "effect.message",
        ),
        isHtml: given.isHtml === true,
        retryAfter: given.retryAfter === undefined ? null : field("retryAfter", 0),
      };
    case "squeeze":
      return {
        kind: "squeeze",
        weightPerMinute: field("weightPerMinute", 1),
        ordersPerTenSeconds: field("ordersPerTenSeconds", 1),
      };
    case "profile":
      return {
        kind: "profile",
        recvWindowMs: field("recvWindowMs", 1),
        engineTimeoutMs: field("engineTimeoutMs", 1),
      };
    case "halt":
      return {
        kind: "halt",
        symbol: text(given.symbol, "effect.symbol"),
        status: oneOf(
          given.status ?? "HALT",
          ["HALT", "BREAK", "CANCEL_ONLY"] as const,
          "effect.status",
        ),
      };
    case "pieces":
      return { kind: "pieces", pieces: field("pieces", 1, mostPieces) };
    case "storm":
      return { kind: "storm", everyMs: field("everyMs", 1) };
    default:
      throw new RangeError(`unknown effect ${JSON.stringify(given.kind)}`);
  }
}

/** What an effect can be matched by. */
function selectorsOf({ kind }: Effect): readonly (keyof Selector)[] {
  if (kind === "storm") return [];
  if (kind === "pieces") return ["symbol", "account", "clientId"];
  return eventKinds.has(kind)
    ? ["symbol", "account", "clientId", "stream"]
    : ["operation", "symbol", "account", "clientId"];
}

const selectorNames = ["operation", "symbol", "account", "clientId", "stream"];

function readSelector(
  given: Record<string, unknown>,
  allowed: readonly (keyof Selector)[],
): Selector {
  const selector: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(given)) {
    if (!selectorNames.includes(name)) throw new RangeError(`unknown selector ${name}`);
    if (!allowed.some((one) => one === name)) {
      throw new RangeError(`this effect cannot be matched by ${name}`);
    }
    selector[name] =
      name === "account" ? number(value, "when.account", 0, 1e9) : text(value, `when.${name}`);
  }
  return selector;
}

export function record(value: unknown, what: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new RangeError(`${what} must be an object`);
  }
  return value as Record<string, unknown>;
}

function number(value: unknown, what: string, least: number, most: number): number {
  if (typeof value !== "number" || !(value >= least && value <= most)) {
    throw new RangeError(`${what} must be a number from ${least} to ${most}`);
  }
  return value;
}

function whole(value: unknown, what: string, least: number, most: number): number {
  const read = number(value, what, least, most);
  if (!Number.isInteger(read)) throw new RangeError(`${what} must be a whole number`);
  return read;
}

function text(value: unknown, what: string): string {
  if (typeof value !== "string" || value === "") throw new RangeError(`${what} must be a text`);
  return value;
}

function oneOf<T extends string>(value: unknown, choices: readonly T[], what: string): T {
  const found = choices.find((choice) => choice === value);
  if (found === undefined) throw new RangeError(`${what} must be one of ${choices.join(", ")}`);
  return found;
}
