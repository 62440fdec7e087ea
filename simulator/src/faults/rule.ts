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
  const chance = optionalNumber(probability, "probability", 0, 1);
  const times = optionalNumber(count, "count", 1, 1e9);
  return {
    effect: readEffect(record(effect, "effect")),
    when: readSelector(when === undefined ? {} : record(when, "when")),
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

function readLargeEffect(given: Record<string, unknown>): Effect {
  const whole = (name: string, least: number): number =>
    number(given[name], `effect.${name}`, least, 1e9);
  switch (given.kind) {
    case "body":
      return {
        kind: "body",
        body: oneOf(given.body, ["empty", "truncated", "html", "object"] as const, "effect.body"),
        status: given.status === undefined ? 200 : whole("status", 200),
      };
    case "error":
      return {
        kind: "error",
        moment: oneOf(given.moment ?? "before", moments, "effect.moment"),
        status: given.status === undefined ? 400 : whole("status", 300),
        code: number(given.code ?? -1000, "effect.code", -10_000, 0),
        message: text(
          given.message ?? "An unknown error occurred while processing the request.",
          "effect.message",
        ),
        isHtml: given.isHtml === true,
      };
    case "squeeze":
      return {
        kind: "squeeze",
        weightPerMinute: whole("weightPerMinute", 1),
        ordersPerTenSeconds: whole("ordersPerTenSeconds", 1),
      };
    case "profile":
      return {
        kind: "profile",
        recvWindowMs: whole("recvWindowMs", 1),
        engineTimeoutMs: whole("engineTimeoutMs", 1),
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
      return { kind: "pieces", pieces: whole("pieces", 1) };
    case "storm":
      return { kind: "storm", everyMs: whole("everyMs", 1) };
    default:
      throw new RangeError(`unknown effect ${JSON.stringify(given.kind)}`);
  }
}

function readSelector(given: Record<string, unknown>): Selector {
  const selector: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(given)) {
    if (name === "account") selector[name] = number(value, "when.account", 0, 1e9);
    else if (["operation", "symbol", "clientId", "stream"].includes(name)) {
      selector[name] = text(value, `when.${name}`);
    } else throw new RangeError(`unknown selector ${name}`);
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

function optionalNumber(
  value: unknown,
  what: string,
  least: number,
  most: number,
): number | undefined {
  return value === undefined ? undefined : number(value, what, least, most);
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
