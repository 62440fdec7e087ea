import type { PerpetualTerms } from "@trading/contracts/perpetuals";
import type { RunSettings } from "@trading/contracts/run-settings";

export const defaultSettings: RunSettings = {
  capital: 10_000,
  makerFee: 0.001,
  takerFee: 0.001,
  slippageBps: 0,
  slippageModel: "bps",
  slippageShare: 0,
  fillPolicy: "pessimistic",
  fillOn: "next-candle",
  feeAsset: "quote",
  volumeShareMax: null,
  latencyCandles: 0,
  latencyMs: 0,
  policyRange: true,
};

/** Terms to begin with where a market is to be traded as a perpetual; exchanges have their own. */
export const defaultTerms: PerpetualTerms = {
  leverage: 1,
  marginMode: "isolated",
  tiers: [{ notionalFrom: 0, maintenanceRate: 0.01, leverageMax: 50 }],
  liquidationFee: 0.0125,
  funding: null,
};

const ofMoney: readonly string[] = [
  "capital",
  "makerFee",
  "takerFee",
  "slippageBps",
  "slippageShare",
];

/** How many settings of execution are not as usual; a perpetual counts as one, limits belong to the wallet. */
export function changedExecution({ perpetual, limits: _, ...settings }: RunSettings): number {
  const usual: Readonly<Record<string, unknown>> = defaultSettings;
  const changed = Object.entries(settings).filter(
    ([name, value]) => !ofMoney.includes(name) && value !== usual[name],
  );
  return changed.length + (perpetual === undefined ? 0 : 1);
}
