import { duesOf } from "../lending.ts";
import { behind } from "../order-view.ts";
import type { PerpetualTerms } from "../perpetual.ts";
import type { PlacedOrder } from "../placed-order.ts";
import type { RejectionCause, RunResult } from "../result.ts";
import type { MarketRules, RunSettings } from "../run-settings.ts";
import {
  type AnyInput,
  lengthsOf,
  marketsOf,
  runAny,
  settled,
  withMarkets,
} from "../several/any-run.ts";
import { replayed, replayedTogether } from "./replay.ts";
import { type Decision, recorded, type Tape } from "./tape.ts";

export type CostKind = "fees" | "slippage" | "funding" | "missed" | "rounding";

/** From the gross profit to the net one; gross and steps sum to net. */
export type Waterfall = Readonly<{
  gross: number;
  steps: readonly Readonly<{
    kind: CostKind;
    /** What it added to the profit; below 0 it cost. */
    amount: number;
    /** False where the run knows no such cost. */
    isUsed: boolean;
  }>[];
  net: number;
}>;

type Cost = Readonly<{
  kind: CostKind;
  /** Whether a run knows this cost. */
  isUsed(input: AnyInput): boolean;
  /** The same run without it. */
  without(input: AnyInput): AnyInput;
}>;

const withSettings = (input: AnyInput, changed: Partial<RunSettings>): AnyInput => ({
  ...input,
  settings: { ...input.settings, ...changed },
});

/** The same run on other terms; on spot there are none to change. */
function withTerms(input: AnyInput, changed: Partial<PerpetualTerms>): AnyInput {
  const { perpetual } = input.settings;
  return perpetual ? withSettings(input, { perpetual: { ...perpetual, ...changed } }) : input;
}

/** The same run with other rules in every market. */
const withRules = (input: AnyInput, changed: Partial<MarketRules>): AnyInput =>
  withMarkets(input, (one) => ({ ...one, market: { ...one.market, ...changed } }));

function withoutFunding(input: AnyInput): AnyInput {
  const { borrowRate } = input.settings;
  const free = borrowRate === undefined ? input : withSettings(input, { borrowRate: 0 });
  return withMarkets(withTerms(free, { funding: null }), (one) => ({ ...one, funding: undefined }));
}

/** In the order in which they are added; a further cost is a further line. */
const costs: readonly Cost[] = [
  {
    kind: "fees",
    isUsed: ({ settings }) =>
      settings.makerFee + settings.takerFee + (settings.perpetual?.liquidationFee ?? 0) > 0,
    without: (input) =>
      withTerms(withSettings(input, { makerFee: 0, takerFee: 0 }), { liquidationFee: 0 }),
  },
  {
    kind: "slippage",
    isUsed: ({ settings }) => settings.slippageBps > 0 || (settings.slippageShare ?? 0) > 0,
    without: (input) => withSettings(input, { slippageBps: 0, slippageShare: 0 }),
  },
  {
    kind: "funding",
    isUsed: (input) => marketsOf(input).some(({ funding }) => duesOf(input.settings, funding)),
    without: withoutFunding,
  },
  {
    kind: "missed",
    isUsed: (input) =>
      marketsOf(input).some(({ market }) => market.notionalMin !== null) ||
      typeof input.settings.volumeShareMax === "number" ||
      (input.settings.latencyCandles ?? 0) + (input.settings.latencyMs ?? 0) > 0,
    without: (input) =>
      withRules(withSettings(input, { volumeShareMax: null, latencyCandles: 0, latencyMs: 0 }), {
        notionalMin: null,
      }),
  },
  {
    kind: "rounding",
    isUsed: (input) =>
      marketsOf(input).some(({ market }) => market.tick !== null || market.lot !== null),
    without: (input) => withRules(input, { tick: null, lot: null }),
  },
];

/** The most runs that a waterfall takes. */
export const waterfallRunsMax = costs.length + 3;

/** Refusals that a cost may be the reason of: such orders are placed again where that cost is left out. */
const causesOfCosts: ReadonlySet<RejectionCause> = new Set([
  "below-minimum",
  "below-lot",
  "no-position",
]);

/** Half a cent of a capital of a thousand: what money is worth, whatever the currency. */
const leastShare = 5e-6;

/**
 * What each cost took, by running the same decisions again: without any cost, then with one more each time. Decisions are
 * frozen; sizes given as a share follow the equity of each run, so a cost counts with what it kept from growing. The reason
 * where the run cannot be taken apart.
 */
export function waterfallOf(
  given: AnyInput,
  result: RunResult,
  onRun: (done: number) => void,
): Waterfall | string {
  const input = settled(given);
  const tape: Tape = [];
  const quiet: AnyInput = { ...input, isPlotted: false, onProgress: () => {} };
  const strategy = recorded(input.strategy, tape, lengthsOf(input));
  const again = runAny({ ...quiet, strategy });
  if (again.fingerprint !== result.fingerprint)
    return "the strategy decided differently when it was run again";
  const decide = "markets" in input ? replayedTogether : replayed;
  let done = 1;
  const profitOf = (decisions: Tape, without: readonly Cost[]): number => {
    onRun(done++);
    const changed = without.reduce((one, cost) => cost.without(one), quiet);
    const decided = decide(decisions, input.strategy);
    const { finalEquity } = runAny({ ...changed, strategy: decided, parameters: {} });
    return finalEquity - input.settings.capital;
  };
  const netOf = (decisions: Tape) => ({ decisions, net: profitOf(decisions, []) });
  const isSame = ({ net }: Readonly<{ net: number }>) =>
    Math.abs(net - (result.finalEquity - input.settings.capital)) <=
    leastShare * input.settings.capital;
  const timely = tape.filter(({ at }) => Number.isFinite(at));
  const kept = netOf(timely.filter(isKept));
  // Among several markets what is refused may still have moved what others hold.
  const { decisions, net } = isSame(kept) ? kept : netOf(timely);
  if (!isSame({ net })) return "the decisions alone do not lead to the same result";
  const used = costs.filter((cost) => cost.isUsed(input));
  const profits = [...used.map((_, i) => profitOf(decisions, used.slice(i))), net];
  const steps = costs.map((cost) => {
    const place = used.indexOf(cost);
    const amount = place < 0 ? 0 : (profits[place + 1] as number) - (profits[place] as number);
    return { kind: cost.kind, amount, isUsed: place >= 0 };
  });
  return { gross: profits[0] as number, steps, net };
}

/**
 * What was refused for another reason than a cost was never decided in a way that counts, unless it filled in part or held money
 * that others lacked.
 */
const isKept = ({ order }: Decision): boolean =>
  order?.status !== "refused" ||
  order.filled > 0 ||
  (behind(order) as PlacedOrder).claim !== null ||
  (order.cause !== null && causesOfCosts.has(order.cause));
