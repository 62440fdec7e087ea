import type { BacktestResult, BacktestView } from "@trading/contracts/backtests";
import type { Verification } from "@trading/contracts/reports";
import { judgeResult, type KeptReceipt } from "@trading/engine";

type Kept = Readonly<{ view: Pick<BacktestView, "version">; result: BacktestResult }>;

/** What a stored result was made from; results from before there were reports do not know the hash of their inputs. */
export const receiptOf = ({ view, result }: Kept): KeptReceipt =>
  result.report?.receipt ?? {
    engineVersion: result.engineVersion,
    strategyVersion: view.version,
    inputs: null,
    dataRevision: result.data.revision,
    fingerprint: result.fingerprint,
  };

/** Holds one stored result against another. */
export function verificationBetween(one: Kept, other: Kept): Verification {
  const before = receiptOf(one);
  const now = receiptOf(other);
  const judged = judgeResult(
    { receipt: before, told: one.result },
    { receipt: now, told: other.result },
  );
  return { ...judged, before, now };
}
