import type { MarginTier } from "./perpetual.ts";

const rounding = 1e-12;

type Band = MarginTier & Readonly<{ below: number; deduction: number }>;

/** How much a position must keep, by tiers that continue into each other without a step. */
export class Maintenance {
  readonly #bands: readonly Band[];

  constructor(tiers: readonly MarginTier[]) {
    let deduction = 0;
    this.#bands = tiers.map((tier, i) => {
      const rate = tiers[i - 1]?.maintenanceRate ?? tier.maintenanceRate;
      deduction += tier.notionalFrom * (tier.maintenanceRate - rate);
      return { ...tier, deduction, below: tiers[i + 1]?.notionalFrom ?? Number.POSITIVE_INFINITY };
    });
  }

  leverageMax(notional: number): number {
    return this.#bandOf(notional).leverageMax;
  }

  /** The margin at which a position of this worth is liquidated. */
  of(notional: number): number {
    const { maintenanceRate, deduction } = this.#bandOf(notional);
    return notional * maintenanceRate - deduction;
  }

  /**
   * The price at which `balance + held × price` falls to what the position must keep, and `reserve` besides. `NaN` where no
   * price above 0 does that.
   */
  liquidationPrice(held: number, balance: number, reserve: number): number {
    const size = Math.abs(held);
    for (const { maintenanceRate, deduction, notionalFrom, below } of this.#bands) {
      const price =
        held > 0
          ? (reserve - balance - deduction) / (size * (1 - maintenanceRate))
          : (balance + deduction - reserve) / (size * (1 + maintenanceRate));
      const notional = size * price;
      // At the edge of two tiers rounding may put it a digit beyond either of them.
      if (
        price > 0 &&
        notional >= notionalFrom * (1 - rounding) &&
        notional < below * (1 + rounding)
      )
        return price;
    }
    // A short that has less than nothing to lose is liquidated at any price.
    return held < 0 && balance < reserve ? Number.MIN_VALUE : Number.NaN;
  }

  #bandOf(notional: number): Band {
    return (this.#bands.findLast((band) => notional >= band.notionalFrom) ??
      this.#bands[0]) as Band;
  }
}
