import { Account, type Wallet } from "../account.ts";
import { Broker } from "../broker.ts";
import type { Columns } from "../columns.ts";
import { Context } from "../context.ts";
import { Plots } from "../plots.ts";
import { Preflight } from "../preflight.ts";
import { Indicators } from "../run-indicators.ts";
import type { MarketsInput } from "./input.ts";

type Cause = "not-trading" | "unknown-market";

/** Markets without a candle: every number is `NaN`, and every order is refused with the cause. */
export function absentMarket(run: MarketsInput, wallet: Wallet) {
  const made = new Map<Cause, Readonly<{ broker: Broker; context: Context }>>();
  const make = (cause: Cause) => {
    const { strategy, parameters, settings } = run;
    const clock = { index: 0 };
    const market = { symbol: "", tick: null, lot: null, notionalMin: null };
    const account = new Account(wallet);
    const broker = new Broker({ candles: nothing, account, market, settings, lengthMs: 1 }, clock);
    broker.refusal = cause;
    const set = strategy.indicators(parameters);
    new Indicators(set, nothing, clock, 1).fill(0, 1);
    const plots = new Plots(clock, 1, false);
    const preflight = new Preflight({ broker, account, market, settings, candles: nothing }, clock);
    const needs = { candles: nothing, clock, account, broker, plots, preflight, symbol: "" };
    const one = { broker, context: new Context(needs, parameters, set, undefined) };
    made.set(cause, one);
    return one;
  };
  return {
    of: (cause: Cause): Context => (made.get(cause) ?? make(cause)).context,
    get brokers(): readonly Broker[] {
      return [...made.values()].map(({ broker }) => broker);
    },
  };
}

const column = () => Float64Array.of(Number.NaN);
const nothing: Columns = {
  time: column(),
  open: column(),
  high: column(),
  low: column(),
  close: column(),
  volume: column(),
};
