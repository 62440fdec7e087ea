import type { Random } from "../core/random.ts";
import type {
  Effect,
  EventEffect,
  FaultRule,
  NewRule,
  RequestEffect,
  Selector,
  StateEffect,
} from "./rule.ts";

/** What a rule is matched against. */
export type Occasion = Readonly<{
  operation?: string | undefined;
  symbol?: string | undefined;
  account?: number | undefined;
  clientId?: string | undefined;
  stream?: string | undefined;
}>;

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
  /** Effects that strike this request, each counted. */
  onRequest: (occasion: Occasion) => RequestEffect[];
  /** The effect that strikes this event, or null. */
  onEvent: (occasion: Occasion) => EventEffect | null;
  add: (rule: NewRule) => FaultRule;
  remove: (id: number) => boolean;
  clear: () => void;
  list: () => readonly FaultRule[];
  /** Called after every change of the rules. */
  onChange: (listener: () => void) => void;
  states: <K extends StateEffect["kind"]>(kind: K) => Extract<StateEffect, { kind: K }>[];
}>;

const requestKinds = new Set(["delay", "reset", "hang", "stall", "body", "error", "late"]);
const eventKinds = new Set(["drop", "duplicate", "reorder", "gap", "silence"]);
const defaultRecvWindowMs = 60_000;
const defaultEngineTimeoutMs = 10_000;

export function createFaults(now: () => number, random: Random): Faults {
  let rules: FaultRule[] = [];
  let nextId = 1;
  const listeners: (() => void)[] = [];
  const changed = (): void => {
    for (const listener of listeners) listener();
  };

  const states: Faults["states"] = <K extends StateEffect["kind"]>(kind: K) =>
    rules
      .map(({ effect }) => effect)
      .filter((e): e is Extract<StateEffect, { kind: K }> => e.kind === kind);

  /** Counts a hit; a used-up rule leaves. */
  const strikes = (rule: FaultRule, occasion: Occasion): boolean => {
    if (!matches(rule.when, occasion)) return false;
    if (rule.probability < 1 && !random.chance(rule.probability)) return false;
    rule.struck += 1;
    if (rule.left !== null) {
      rule.left -= 1;
      if (rule.left === 0) {
        rules = rules.filter((one) => one !== rule);
        changed();
      }
    }
    return true;
  };

  const struck = (kinds: ReadonlySet<string>, occasion: Occasion): Effect[] => {
    if (rules.length === 0) return [];
    const effects: Effect[] = [];
    for (const rule of [...rules]) {
      if (kinds.has(rule.effect.kind) && strikes(rule, occasion)) effects.push(rule.effect);
    }
    return effects;
  };

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
      const [piece] = struck(new Set(["pieces"]), occasion);
      return piece?.kind === "pieces" ? piece.pieces : 1;
    },
    disturbsRequests: () => rules.some(({ effect }) => requestKinds.has(effect.kind)),
    onRequest: (occasion) => struck(requestKinds, occasion) as RequestEffect[],
    onEvent: (occasion) => (struck(eventKinds, occasion)[0] as EventEffect | undefined) ?? null,
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
      rules = [...rules, rule];
      changed();
      return rule;
    },
    remove: (id) => {
      const before = rules.length;
      rules = rules.filter((rule) => rule.id !== id);
      if (rules.length < before) changed();
      return rules.length < before;
    },
    clear: () => {
      rules = [];
      changed();
    },
    list: () => rules,
    onChange: (listener) => {
      listeners.push(listener);
    },
    states,
  };
}

function matches(when: Selector, occasion: Occasion): boolean {
  return (
    (when.operation === undefined || (occasion.operation ?? "").includes(when.operation)) &&
    (when.symbol === undefined || occasion.symbol === when.symbol) &&
    (when.account === undefined || occasion.account === when.account) &&
    (when.clientId === undefined || (occasion.clientId ?? "").startsWith(when.clientId)) &&
    (when.stream === undefined || (occasion.stream ?? "").startsWith(when.stream))
  );
}
