import { describe, expect, test } from "vitest";
import {
  type AnyInput,
  CandlesError,
  type Columns,
  type Context,
  certify,
  defineStrategy,
  type FundingPoint,
  type MarketRules,
  type Order,
  type PerpetualTerms,
  play,
  type RejectionCause,
  RunInputError,
  type RunSettings,
  type WalletContext,
} from "../../src/index.ts";
import { candlesOf, inputOf, minute, scripted, walk } from "../support/runs.ts";
import { about, gapped, inputWith, later, market, planned, rows } from "../support/wallets.ts";

/** Every kind of bad input, in every kind of run: refused by name and counted, never without a word, never a crash. */

const still = candlesOf(Array.from({ length: 6 }, () => [100, 101, 99, 100] as const));

const terms: PerpetualTerms = {
  leverage: 4,
  marginMode: "isolated",
  tiers: [
    { notionalFrom: 0, maintenanceRate: 0.01, leverageMax: 20 },
    { notionalFrom: 3_000, maintenanceRate: 0.05, leverageMax: 2 },
  ],
  liquidationFee: 0.01,
  funding: null,
};

type Act = (context: Context) => unknown;
type Given = Readonly<{
  act?: Act;
  candles?: Columns;
  rules?: Partial<MarketRules>;
  settings?: Partial<RunSettings>;
}>;
type Kind = Readonly<{ title: string; perpetual: PerpetualTerms | undefined; isSeveral: boolean }>;

const kinds: readonly Kind[] = [
  { title: "one market on spot", perpetual: undefined, isSeveral: false },
  { title: "one perpetual", perpetual: terms, isSeveral: false },
  { title: "several markets on spot", perpetual: undefined, isSeveral: true },
  { title: "several perpetuals", perpetual: { ...terms, marginMode: "cross" }, isSeveral: true },
];

/** A run in which something is done on the first candle of the market `TEST`. */
function inputFor({ perpetual, isSeveral }: Kind, given: Given): AnyInput {
  const { act, candles = still, rules = {}, settings: more } = given;
  const settings = { ...(perpetual && { perpetual }), ...more };
  const script = (context: Context) => context.symbol === "TEST" && void act?.(context);
  const strategy = scripted({ 0: script });
  if (!isSeveral) return inputOf({ strategy, candles, market: rules, settings });
  const unknown = { tick: null, lot: null, notionalMin: null };
  const first = market("TEST", candles, { market: { symbol: "TEST", ...unknown, ...rules } });
  return inputWith(strategy, [market("OTHER", still), first], settings);
}

type Refused = [cause: RejectionCause, act: Act, given?: Given];
const buy = (quantity: number) => (context: Context) => context.market({ side: "buy", quantity });
const refused: Refused[] = [
  ["zero-quantity", buy(0)],
  ["negative-quantity", buy(-1)],
  ["not-a-number", buy(Number.NaN)],
  ["infinite", buy(Number.POSITIVE_INFINITY)],
  ["below-minimum", buy(0.01), { rules: { notionalMin: 5 } }],
  ["below-lot", buy(0.01), { rules: { lot: 0.1 } }],
  ["bad-price", (context) => context.limit({ side: "buy", quantity: 1, price: Number.NaN })],
  ["bad-price", (context) => context.limit({ side: "buy", quantity: 1, price: -5 })],
  ["wrong-side-stop", (context) => context.bracket({ side: "buy", quantity: 1, stop: 101 })],
  ["wrong-side-stop", (context) => context.bracket({ side: "sell", quantity: 1, stop: 99 })],
  ["wrong-side-target", (context) => context.bracket({ side: "buy", quantity: 1, target: 99 })],
];

const spoiled = (column: keyof Columns, index: number, value: number): Columns => ({
  ...still,
  [column]: still[column].with(index, value),
});

describe.each(kinds)("$title", (kind) => {
  const describeOf = (given: Given) => play(inputFor(kind, given)).describe();

  test.each<Refused>(refused)(
    "%s is said on the order and counted in the report",
    (cause, act, given) => {
      let order: Order | undefined;
      const { rejectedOrders, metrics, trades } = describeOf({
        ...given,
        act: (context) => {
          order = act(context) as Order;
        },
      });
      expect(rejectedOrders).toEqual({ [cause]: 1 });
      expect(order).toMatchObject({ status: "refused", cause });
      expect(metrics.rejectedOrders).toBe(1);
      expect(trades).toEqual([]);
    },
  );

  test.each([50, 1e300])("an order of %d, beyond the funds, is refused", (quantity) => {
    const cause = kind.perpetual ? "leverage-above-tier" : "beyond-funds";
    expect(describeOf({ act: buy(quantity) }).rejectedOrders).toEqual({ [cause]: 1 });
  });

  test.each([
    ["a price that is no number", spoiled("open", 3, Number.NaN), 3],
    ["a price of zero", spoiled("low", 2, 0), 2],
    ["a negative price", spoiled("close", 4, -1), 4],
    ["a time that comes twice", spoiled("time", 5, 4 * minute), 5],
    ["a volume that is no number", spoiled("volume", 1, Number.NaN), 1],
  ])("%s ends the run with the number of its candle", (_, candles, index) => {
    const run = () => describeOf({ candles });
    expect(run).toThrow(CandlesError);
    expect(run).toThrow(expect.objectContaining({ index }));
  });

  test("gaps are told with the trades that touched them, candles without volume in the certificate", () => {
    const candles = gapped(still, 2);
    const { tradesTouchingGaps } = describeOf({ act: buy(1), candles });
    expect(tradesTouchingGaps).toBe(1);
    expect(certify(candles, minute)).toMatchObject({ gaps: 1, missing: 1 });
    const dry = { ...still, volume: new Float64Array(6) };
    expect(describeOf({ act: buy(1), candles: dry }).trades).toHaveLength(1);
    // Held to a share of nothing, it waits; an order that may not wait says so by its end.
    let order: Order | undefined;
    const none = describeOf({
      act: (context) => {
        order = context.limit({ side: "buy", quantity: 1, price: 101, timeInForce: "ioc" });
      },
      candles: dry,
      settings: { volumeShareMax: 0.5 },
    });
    expect(none.trades).toEqual([]);
    expect(order?.status).toBe("expired");
  });

  test("settings that no run can keep to are refused before it begins", () => {
    for (const settings of [{ capital: 0 }, { takerFee: Number.NaN }, { slippageBps: -1 }])
      expect(() => describeOf({ settings })).toThrow(RunInputError);
  });
});

describe.each(kinds.filter(({ perpetual }) => perpetual))("$title", (kind) => {
  const withTerms = (change: Partial<PerpetualTerms>): Given => ({
    settings: { perpetual: { ...terms, ...kind.perpetual, ...change } },
  });
  const run = (given: Given) => play(inputFor(kind, given));

  test("leverage that no tier allows ends the run before it begins, a position above its tier is refused", () => {
    expect(() => run(withTerms({ leverage: 25 }))).toThrow(/leverage 25 is above the 20/);
    expect(run({ act: buy(31) }).describe().rejectedOrders).toEqual({ "leverage-above-tier": 1 });
    expect(run({ act: buy(29) }).describe().trades).toHaveLength(1);
  });

  test("funding that is missing for a stretch is told with the number of payments", () => {
    const points: FundingPoint[] = [0, 1, 4].map((at) => ({ at: at * minute, rate: 0.0001 }));
    const funding = { kind: "series", everyHours: 1 / 60, points } as const;
    const { funding: told } = run({ act: buy(1), ...withTerms({ funding }) }).describe();
    const markets = kind.isSeveral ? 2 : 1;
    expect(told).toMatchObject({ payments: 1, missing: 3 * markets });
    expect(told?.gaps).toHaveLength(2 * markets);
  });

  test("funding with a rate that is no number is refused", () => {
    const funding = { kind: "constant", rate: Number.NaN, everyHours: 8 } as const;
    expect(() => run(withTerms({ funding }))).toThrow(/the funding rate must be a fraction/);
  });
});

describe("markets of a wallet", () => {
  const always = (plan: (wallet: WalletContext) => void) =>
    defineStrategy({
      ...about,
      onCandles: (wallet) => plan(wallet as unknown as WalletContext),
    });
  const countOf = (symbol: string, candles: Columns) => {
    const markets = [market("WHOLE", walk(6, 1)), market("PART", candles)];
    const strategy = always((wallet) => void buy(0.1)(wallet.market(symbol) as Context));
    return play(inputWith(strategy, markets)).describe().rejectedOrders;
  };

  test("a market that starts late or ends early refuses orders while it is not there", () => {
    expect(countOf("PART", later(walk(2, 2), 4))).toEqual({ "not-trading": 4 });
    // On its last candle nobody knows yet that there will be no other.
    expect(countOf("PART", walk(2, 2))).toEqual({ "not-trading": 4 });
  });

  test("a market that is not in the run refuses orders, in a run of one market too", () => {
    expect(countOf("NOWHERE", walk(6, 2))).toEqual({ "unknown-market": 6 });
    const strategy = always((wallet) => void buy(1)(wallet.market("NOWHERE") as Context));
    const { rejectedOrders } = play(inputOf({ strategy, candles: still })).describe();
    expect(rejectedOrders).toEqual({ "unknown-market": 6 });
  });

  test.each([
    ["none", [], /1 to 50 markets/],
    ["the same twice", [market("A", rows(1)), market("A", rows(1))], /there twice/],
    [
      "two currencies",
      [market("A", rows(1), { quote: "EUR" }), market("B", rows(1), { quote: "BTC" })],
      /EUR and BTC/,
    ],
    ["no timeframe", [market("A", rows(1), { timeframe: "x" })], /not a timeframe/],
  ])("%s are refused", (_, markets, message) => {
    expect(() => play(inputWith(planned({}), markets))).toThrow(message);
  });

  test("a candle that is not sound names its market", () => {
    const act = () => play(inputWith(planned({}), [market("B", rows(1, -1))]));
    expect(act).toThrow(CandlesError);
    expect(act).toThrow(/^B: candle 1 /);
  });
});
