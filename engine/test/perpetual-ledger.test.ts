import fc from "fast-check";
import { expect, test } from "vitest";
import { type Columns, type Fill, type PerpetualTerms, runBacktest } from "../src/index.ts";
import { inputOf, minute, scripted, seeded, walk } from "./support/runs.ts";

const rows = 400;
const capital = 1_000;
const rate = 0.003;
const fundingMinutes = 30;
const maintenanceRate = 0.02;

/**
 * An account as an exchange writes it: a balance, an isolated margin and realised profits, instead of the cash of positions that
 * are paid in full. Written apart from the engine to be held against it.
 */
class ExchangeLedger {
  balance = capital;
  size = 0;
  entry = 0;
  margin = 0;
  readonly #leverage: number;

  constructor(leverage: number) {
    this.#leverage = leverage;
  }

  trade({ side, quantity, price, fee }: Fill): void {
    this.balance -= fee;
    const signed = side === "buy" ? quantity : -quantity;
    const closing = Math.sign(signed) === -Math.sign(this.size);
    const closed = closing ? Math.min(quantity, Math.abs(this.size)) : 0;
    if (closed > 0) {
      const released = (this.margin * closed) / Math.abs(this.size);
      this.balance += released + Math.sign(this.size) * closed * (price - this.entry);
      this.margin -= released;
      this.size -= Math.sign(this.size) * closed;
      if (Math.abs(this.size) < 1e-12) this.size = 0;
    }
    const opened = quantity - closed;
    if (opened <= 1e-12) return;
    this.entry =
      (Math.abs(this.size) * this.entry + opened * price) / (Math.abs(this.size) + opened);
    this.size += Math.sign(signed) * opened;
    const needed = (opened * price) / this.#leverage;
    this.balance -= needed;
    this.margin += needed;
  }

  fund(price: number): void {
    this.margin -= this.size * price * rate;
  }

  equity(price: number): number {
    return this.balance + this.margin + this.size * (price - this.entry);
  }

  /** Whether what is left of the margin is at most what must be kept. */
  isLost(price: number): boolean {
    const left = this.margin + this.size * (price - this.entry);
    return this.size !== 0 && left <= Math.abs(this.size) * price * maintenanceRate;
  }
}

function play(seed: number, leverage: number) {
  const random = seeded(seed);
  const perpetual: PerpetualTerms = {
    leverage,
    marginMode: "isolated",
    tiers: [{ notionalFrom: 0, maintenanceRate, leverageMax: 40 }],
    liquidationFee: 0.01,
    funding: { kind: "constant", rate, everyHours: fundingMinutes / 60 },
  };
  const act = (context: Parameters<NonNullable<Parameters<typeof scripted>[0][0]>>[0]) => {
    if (random() > 0.15) return;
    const side = random() < 0.5 ? "buy" : "sell";
    context.market({ side, quote: 100 + random() * capital * leverage * 0.7 });
  };
  const script = Object.fromEntries(Array.from({ length: rows }, (_, i) => [i, act]));
  const candles = walk(rows, seed);
  const settings = { capital, takerFee: 0.0004, perpetual };
  const result = runBacktest(inputOf({ strategy: scripted(script), candles, settings }));
  return { candles, result };
}

/** Follows the fills of a run, and takes note where it disagrees with the ledger. */
function follow({ candles, result }: ReturnType<typeof play>, leverage: number) {
  const ledger = new ExchangeLedger(leverage);
  const { open, high, low, close, time } = candles as Columns;
  let liquidations = 0;
  for (let i = 0; i < rows; i++) {
    if (i > 0 && (time[i] as number) % (fundingMinutes * minute) === 0)
      ledger.fund(close[i - 1] as number);
    const fills = result.fills.filter((fill) => fill.index === i);
    for (const fill of fills) {
      if (fill.orderId === 0) {
        liquidations++;
        const onwards = fill.side === "sell" ? -1e-9 : 1e-9;
        expect(ledger.isLost(fill.price * (1 + onwards))).toBe(true);
        const isInside = fill.price !== open[i] && fill.fee > 0;
        if (isInside) expect(ledger.isLost(fill.price * (1 - onwards))).toBe(false);
      }
      ledger.trade(fill);
    }
    const worst = (ledger.size > 0 ? low[i] : high[i]) as number;
    expect(ledger.isLost(worst)).toBe(false);
    expect(ledger.margin).toBeGreaterThanOrEqual(-1e-9);
    expect(result.equity[i]).toBeCloseTo(ledger.equity(close[i] as number), 6);
  }
  return liquidations;
}

test("an exchange's own way of keeping books gives the same equity, funding and liquidations on every candle", () => {
  let liquidations = 0;
  let payments = 0;
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1e6 }),
      fc.constantFrom(1, 5, 20, 40),
      (seed, leverage) => {
        const played = play(seed, leverage);
        liquidations += follow(played, leverage);
        payments += played.result.fundingPayments.length;
      },
    ),
    { numRuns: 40, seed: 3 },
  );
  expect(liquidations).toBeGreaterThan(20);
  expect(payments).toBeGreaterThan(200);
});
