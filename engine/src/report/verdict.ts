import { alteredFigure, type ToldFigures } from "./altered-figure.ts";
import type { Receipt } from "./run-report.ts";

/** A receipt as it was kept; the hash of the inputs is unknown of results from before there were reports. */
export type KeptReceipt = Readonly<Omit<Receipt, "inputs"> & { inputs: string | null }>;

export type Verdict =
  | "same"
  | "data-changed"
  | "strategy-changed"
  | "other-engine"
  | "inputs-changed"
  | "different";

/** Why a fresh run is not the same as the kept one: the first of what it was made from that differs. */
export function verdictOf(before: KeptReceipt, now: KeptReceipt): Verdict {
  if (before.fingerprint === now.fingerprint) return "same";
  if (before.dataRevision !== now.dataRevision) return "data-changed";
  if (before.strategyVersion !== now.strategyVersion) return "strategy-changed";
  // Engines may hash inputs differently, so this comes before them.
  if (before.engineVersion !== now.engineVersion) return "other-engine";
  if (before.inputs !== null && before.inputs !== now.inputs) return "inputs-changed";
  return "different";
}

/** A result that was kept, or made again: what it was made from, and what it tells. */
export type ToldResult = Readonly<{ receipt: KeptReceipt; told: ToldFigures }>;

/** The verdict on a kept result, and in a sentence: where every fill is the same, every figure that it tells has to be as well. */
export function judgeResult(
  kept: ToldResult,
  made: ToldResult,
): Readonly<{ verdict: Verdict; sentence: string }> {
  const verdict = verdictOf(kept.receipt, made.receipt);
  const altered = verdict === "same" ? alteredFigure(kept.told, made.told) : null;
  if (altered === null) return { verdict, sentence: verdictSentence(kept.receipt, made.receipt) };
  const sentence = `Different: every fill is the same, bit by bit, and ${altered} is not what the run gives. The kept result was altered.`;
  return { verdict: "different", sentence };
}

/** The verdict in a sentence. */
export function verdictSentence(before: KeptReceipt, now: KeptReceipt): string {
  const short = (hash: string) => hash.slice(0, 12);
  switch (verdictOf(before, now)) {
    case "same":
      return `Same: engine ${now.engineVersion} made every fill again, bit by bit.`;
    case "data-changed":
      return `Data changed: the candles were revision ${short(before.dataRevision)} and are ${short(now.dataRevision)} now.`;
    case "strategy-changed":
      return `Strategy changed: it was version ${short(before.strategyVersion)} and is ${short(now.strategyVersion)} now.`;
    case "other-engine":
      return `Made by engine ${before.engineVersion}: this is engine ${now.engineVersion}, which may fill in another way. Candles and strategy are the same.`;
    case "inputs-changed":
      return "Inputs changed: parameters, settings or the market's rules are not those of the kept result.";
    case "different":
      return "Different: the same engine, strategy, inputs and candles gave other fills. The strategy decides by chance, or the kept result was altered.";
  }
}
