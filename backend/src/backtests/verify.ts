import type { BacktestResult, BacktestView, DataUsed } from "@trading/contracts/backtests";
import type { Verification } from "@trading/contracts/reports";
import { judgeResult, type KeptReceipt, type ToldFigures } from "@trading/engine";
import { factsAmong } from "./candle-facts.ts";

type Kept = Readonly<{ view: Pick<BacktestView, "version">; result: BacktestResult }>;
type KeptWhole = Kept & Readonly<{ trades: readonly unknown[] }>;

/** What a stored result was made from; results from before there were reports do not know the hash of their inputs. */
export const receiptOf = ({ view, result }: Kept): KeptReceipt =>
  result.report?.receipt ?? {
    engineVersion: result.engineVersion,
    strategyVersion: view.version,
    inputs: null,
    dataRevision: result.data.revision,
    fingerprint: result.fingerprint,
  };

/** What a stored result tells; whose candles they are and where they came from may change, what they are may not. */
export function toldBy({ result, trades }: Omit<KeptWhole, "view">): ToldFigures {
  const { data, markets, ...figures } = result;
  return {
    ...figures,
    trades,
    tradeCount: result.trades,
    data: factsOf(data),
    ...(markets && { markets: markets.map(factsOf) }),
  };
}

const factsOf = (data: DataUsed) => ({ ...factsAmong(data), revision: data.revision });

/** Holds one stored result against another. */
export function verificationBetween(one: KeptWhole, other: KeptWhole): Verification {
  const before = receiptOf(one);
  const now = receiptOf(other);
  const judged = judgeResult(
    { receipt: before, told: toldBy(one) },
    { receipt: now, told: toldBy(other) },
  );
  return { ...judged, before, now };
}
