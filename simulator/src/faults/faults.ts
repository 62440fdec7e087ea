import type { Random } from "../core/random.ts";
import {
  conditionKinds,
  type Effect,
  type EventEffect,
  eventKinds,
  type FaultRule,
  type NewRule,
  type RequestEffect,
  requestKinds,
  type Selector,
  type StateEffect,
} from "./rule.ts";

/** What a rule is matched against. */
export type Occasion = Readonly<{
  operation?: string | undefined;
  symbol?: string | undefined;
  account?: number | undefined;
  /** Every client id it names: an order's own, and that of the order it replaces. */
  clientIds?: readonly string[] | undefined;
  stream?: string | undefined;
}>;

/** Rules that make one request find the exchange in another state than everybody else does. */
export type Conditions = readonly FaultRule[];

/** Everything that is wrong with the exchange at the moment. */
export type Faults = Readonly<{
  /** The exchange's clock as clients see it: skew included. */
  clock: () => number;
  staleMs: () => number;
  recvWindowMs: () => number;
  engineTimeoutMs: () => number;
  isInMaintenance: () => boolean;
  pieces: (occasion: Occasion) => number;
  /** Whether any rule may strike a request: if not, requests need no thought about faults. */
  disturbsRequests: () => boolean;
  /** Conditions that strike this request alone, each counted. */
  conditionsOf: (occasion: Occasion) => Conditions;
  /** Does something while these conditions hold. */
  under: <T>(conditions: Conditions, act: () => T) => T;
  /** Effects that strike this request, each counted. */
  onRequest: (occasion: Occasion) => RequestEffect[];
  /** The effect that strikes this event, or null. */
  onEvent: (occasion: Occasion) => EventEffect | null;
  /** Whether a storm cuts all connections, so long after the last one. */
  onCalm: (calmMs: number) => "calm" | "passed" | "struck";
  add: (rule: NewRule) => FaultRule;
  remove: (id: number) => boolean;
  clear: () => void;
  list: () => readonly FaultRule[];
  /** Called after every change of the rules. */
  onChange: (listener: () => void) => void;
  /** Called whenever other conditions hold than before: by a change of the rules, or around one request. */
  onConditions: (listener: () => void) => void;
  states: <K extends StateEffect["kind"]>(kind: K) => Extract<StateEffect, { kind: K }>[];
}>;

const defaultRecvWindowMs = 60_000;
const defaultEngineTimeoutMs = 10_000;

export function createFaults(now: () => number, random: Random): Faults {
  let present: Conditions = [];
  const listeners: (() => void)[] = [];
  const conditionListeners: (() => void)[] = [];
  const tell = (whom: readonly (() => void)[]): void => {
    for (const listener of whom) listener();
  };
  const rules = createRules(random, () => {
    tell(conditionListeners);
    tell(listeners);
  });

  const states: Faults["states"] = <K extends StateEffect["kind"]>(kind: K) =>
    [...rules.list().filter(isForEverybody), ...present]
      .map(({ effect }) => effect)
      .filter((e): e is Extract<StateEffect, { kind: K }> => e.kind === kind);
  const struck = (kinds: ReadonlySet<string>, occasion: Occasion): Effect[] =>
    rules.struck((rule) => kinds.has(rule.effect.kind), occasion).map(({ effect }) => effect);

  return {
    clock: () => now() + states("skew").reduce((sum, { ms }) => sum + ms, 0),
    staleMs: () => Math.max(0, ...states("stale").map(({ ms }) => ms)),
    recvWindowMs: () =>
      Math.min(defaultRecvWindowMs, ...states("profile").map((profile) => profile.recvWindowMs)),
    engineTimeoutMs: () =>
      Math.min(
        defaultEngineTimeoutMs,
        ...states("profile").map((profile) => profile.engineTimeoutMs),
      ),
    isInMaintenance: () => states("maintenance").length > 0,
    pieces: (occasion) => {
      const [piece] = struck(pieceKinds, occasion);
      return piece?.kind === "pieces" ? piece.pieces : 1;
    },
    disturbsRequests: () =>
      rules.list().some((rule) => requestKinds.has(rule.effect.kind) || isForSome(rule)),
    conditionsOf: (occasion) => rules.struck(isForSome, occasion),
    under: (conditions, act) => {
      if (conditions.length === 0) return act();
      present = conditions;
      tell(conditionListeners);
      try {
        return act();
      } finally {
        present = [];
        tell(conditionListeners);
      }
    },
    onRequest: (occasion) => struck(requestKinds, occasion) as RequestEffect[],
    onEvent: (occasion) => (struck(eventKinds, occasion)[0] as EventEffect | undefined) ?? null,
    onCalm: (calmMs) => {
      const isDue = ({ effect }: FaultRule): boolean =>
        effect.kind === "storm" && effect.everyMs <= calmMs;
      if (!rules.list().some(isDue)) return "calm";
      return rules.struck(isDue, {}).length > 0 ? "struck" : "passed";
    },
    add: rules.add,
    remove: rules.remove,
    clear: rules.clear,
    list: rules.list,
    onChange: (listener) => {
      listeners.push(listener);
    },
    onConditions: (listener) => {
      conditionListeners.push(listener);
    },
    states,
  };
}

type Rules = Pick<Faults, "add" | "remove" | "clear" | "list"> &
  Readonly<{
    /** The rules meant that strike an occasion, each counted; a used-up one leaves. */
    struck: (isMeant: (rule: FaultRule) => boolean, occasion: Occasion) => FaultRule[];
  }>;

function createRules(random: Random, changed: () => void): Rules {
  let rules: readonly FaultRule[] = [];
  let nextId = 1;

  const replace = (by: readonly FaultRule[]): boolean => {
    const isOther = by.length !== rules.length;
    rules = by;
    if (isOther) changed();
    return isOther;
  };

  const strikes = (rule: FaultRule, occasion: Occasion): boolean => {
    if (!matches(rule.when, occasion)) return false;
    if (rule.probability < 1 && !random.chance(rule.probability)) return false;
    rule.struck += 1;
    if (rule.left !== null) {
      rule.left -= 1;
      if (rule.left === 0) replace(rules.filter((one) => one !== rule));
    }
    return true;
  };

  return {
    struck: (isMeant, occasion) => rules.filter((rule) => isMeant(rule) && strikes(rule, occasion)),
    add: (given) => {
      const rule: FaultRule = {
        id: nextId,
        effect: given.effect,
        when: given.when ?? {},
        probability: given.probability ?? 1,
        left: given.count ?? null,
        struck: 0,
      };
      nextId += 1;
      replace([...rules, rule]);
      return rule;
    },
    remove: (id) => replace(rules.filter((rule) => rule.id !== id)),
    clear: () => {
      replace([]);
    },
    list: () => rules,
  };
}

const pieceKinds = new Set(["pieces"]);

const isForEverybody = ({ when, probability, left }: FaultRule): boolean =>
  Object.keys(when).length === 0 && probability === 1 && left === null;

/** A condition with a selector, a chance or a count holds for the requests it strikes only. */
const isForSome = (rule: FaultRule): boolean =>
  conditionKinds.has(rule.effect.kind) && !isForEverybody(rule);

function matches(when: Selector, occasion: Occasion): boolean {
  return (
    (when.operation === undefined || (occasion.operation ?? "").includes(when.operation)) &&
    (when.symbol === undefined || occasion.symbol === when.symbol) &&
    (when.account === undefined || occasion.account === when.account) &&
    (when.clientId === undefined || namesClientId(occasion, when.clientId)) &&
    (when.stream === undefined || (occasion.stream ?? "").startsWith(when.stream))
  );
}

const namesClientId = ({ clientIds = [] }: Occasion, beginning: string): boolean =>
  clientIds.some((id) => id.startsWith(beginning));
