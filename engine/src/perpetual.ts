import { RunInputError } from "./errors.ts";

/** From a notional on: how much must be kept, as a share of it, and how much leverage is allowed. */
export type MarginTier = Readonly<{
  notionalFrom: number;
  maintenanceRate: number;
  leverageMax: number;
}>;

/** What longs pay shorts, as a share of the position's worth; below 0 shorts pay. */
export type Funding =
  | Readonly<{ kind: "constant"; rate: number; everyHours: number }>
  | Readonly<{ kind: "series"; everyHours: number; points: readonly FundingPoint[] }>;

export type FundingPoint = Readonly<{
  /** ms since epoch. */
  at: number;
  rate: number;
  /** What the position is valued at; left out: the last close before. */
  markPrice?: number | undefined;
}>;

/** The terms of a linear perpetual: quoted, margined and settled in the same currency. */
export type PerpetualTerms = Readonly<{
  leverage: number;
  /** `isolated`: a position can lose the margin set aside for it; `cross`: all the wallet has. */
  marginMode: "isolated" | "cross";
  /** By rising notional, the first from 0. */
  tiers: readonly MarginTier[];
  /** Fraction of the notional that the exchange keeps when it liquidates. */
  liquidationFee: number;
  funding: Funding | null;
}>;

/** Throws `RunInputError` for terms that no position can be computed with. */
export function checkPerpetual(terms: PerpetualTerms): void {
  const { leverage, liquidationFee, marginMode, tiers, funding } = terms;
  if (marginMode !== "isolated" && marginMode !== "cross")
    throw new RunInputError('marginMode must be "isolated" or "cross".');
  if (!(Number.isFinite(leverage) && leverage >= 1))
    throw new RunInputError("leverage must be 1 or more.");
  if (!(liquidationFee >= 0 && liquidationFee < 1))
    throw new RunInputError("liquidationFee must be a fraction from 0 to below 1.");
  checkTiers(tiers);
  const most = Math.max(...tiers.map((tier) => tier.leverageMax));
  if (leverage > most)
    throw new RunInputError(`leverage ${leverage} is above the ${most} that the tiers allow.`);
  if (funding !== null) checkFunding(funding);
}

function checkTiers(tiers: readonly MarginTier[]): void {
  if (tiers[0]?.notionalFrom !== 0)
    throw new RunInputError("the first margin tier must begin at a notional of 0.");
  tiers.forEach((tier, i) => {
    const before = tiers[i - 1];
    const isRising =
      before === undefined ||
      (tier.notionalFrom > before.notionalFrom && tier.maintenanceRate >= before.maintenanceRate);
    if (!isRising)
      throw new RunInputError("margin tiers must rise in notional and in maintenance rate.");
    if (!(tier.maintenanceRate >= 0 && tier.leverageMax >= 1))
      throw new RunInputError("a margin tier needs a rate of 0 or more and leverage of 1 or more.");
    if (!(tier.maintenanceRate * tier.leverageMax < 1))
      throw new RunInputError("a margin tier would liquidate its positions as they are opened.");
  });
}

/** Throws `RunInputError` for funding that cannot be paid. */
export function checkFunding(funding: Funding): void {
  if (!(Number.isFinite(funding.everyHours) && funding.everyHours >= 1 / 60))
    throw new RunInputError("funding must be due at most once a minute.");
  if (funding.kind === "constant") {
    if (!isRate(funding.rate))
      throw new RunInputError("the funding rate must be a fraction between -1 and 1.");
    return;
  }
  let before = Number.NEGATIVE_INFINITY;
  funding.points.forEach(({ at, rate, markPrice }, i) => {
    if (!(at > before && Math.abs(at) <= 1e13))
      throw new RunInputError(`funding point ${i} is not later than the one before it.`);
    if (!isRate(rate)) throw new RunInputError(`funding point ${i} has a rate of ${rate}.`);
    if (markPrice !== undefined && !(markPrice > 0 && Number.isFinite(markPrice)))
      throw new RunInputError(`funding point ${i} has a mark price of ${markPrice}.`);
    before = at;
  });
}

const isRate = (rate: number) => rate > -1 && rate < 1;
