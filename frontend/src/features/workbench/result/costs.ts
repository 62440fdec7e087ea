import { metricOf, type Shown } from "./shown.ts";

/** Fees, slippage and funding together, in the quote currency; null where the engine gives none. */
export function costsOf(shown: Shown): number | null {
  const fees = metricOf(shown, "fees");
  if (fees === null) return null;
  return fees + (metricOf(shown, "slippage") ?? 0) - (shown.funding?.total ?? 0);
}
