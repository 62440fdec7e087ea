import { balanceOf } from "../core/account.ts";
import { type Core, flush, move } from "../core/core.ts";
import { worth } from "../core/market.ts";
import type { Account, Market, Order } from "../core/state.ts";
import { cancel, elect, place } from "../core/trading.ts";
import { wake } from "../core/triggers.ts";
import { maintenance, type Position, type Positions, unrealised } from "./positions.ts";
import { marginAsset } from "./settlement.ts";

/** Index and mark price of a market, in ticks, and its funding. */
export type MarketRisk = {
  readonly market: Market;
  index: number;
  mark: number;
  /** Rate the next funding will use, in 0.00000001. */
  rate: bigint;
  nextFundingAt: number;
  readonly past: { at: number; rate: bigint; mark: number }[];
};

/** One payment or loss an account can look up. */
export type Income = Readonly<{
  account: Account;
  market: Market;
  kind: "FUNDING_FEE" | "INSURANCE_CLEAR";
  units: bigint;
  at: number;
  id: number;
}>;

export type Risk = Readonly<{
  of: (market: Market) => MarketRisk;
  incomes: readonly Income[];
  /** Renews prices, wakes mark-price stops, liquidates, and pays funding when its hour has come. */
  tick: (now: number) => void;
}>;

const fundingEveryMs = 8 * 3_600_000;
const interest = 10_000;
const clampBy = 50_000;
const mostRate = 3_000_000;

/** spotTicks answers the index in ticks of the futures market, or 0 without a spot market. */
export function createRisk(
  core: Core,
  positions: Positions,
  spotTicks: (market: Market) => number,
): Risk {
  const risks = new Map<Market, MarketRisk>();
  const incomes: Income[] = [];
  const of = (market: Market): MarketRisk => {
    const found = risks.get(market);
    if (found !== undefined) return found;
    const nextFundingAt = core.now() - (core.now() % fundingEveryMs) + fundingEveryMs;
    const fresh: MarketRisk = { market, index: 0, mark: 0, rate: 10_000n, nextFundingAt, past: [] };
    risks.set(market, fresh);
    return fresh;
  };
  const pay = (risk: MarketRisk, now: number): void => {
    risk.past.push({ at: risk.nextFundingAt, rate: risk.rate, mark: risk.mark });
    for (const account of positions.accounts()) {
      const units = payFunding(core, account, positions.of(account, risk.market), risk);
      if (units === 0n || account.isHouse) continue;
      incomes.push({
        account,
        market: risk.market,
        kind: "FUNDING_FEE",
        units,
        at: now,
        id: incomes.length + 1,
      });
    }
    risk.nextFundingAt += fundingEveryMs;
    flush(core);
  };
  return {
    of,
    incomes,
    tick: (now) => {
      for (const market of core.markets.values()) {
        const risk = of(market);
        renew(risk, spotTicks(market));
        while (now >= risk.nextFundingAt) pay(risk, now);
        for (
          let order = wakeByMark(market, risk);
          order !== null;
          order = wakeByMark(market, risk)
        ) {
          elect(core, order);
        }
      }
      for (const account of [...positions.accounts()]) {
        if (!account.isHouse) liquidateIfDue(core, positions, account, of);
      }
      flush(core);
    },
  };
}

const wakeByMark = (market: Market, risk: MarketRisk): Order | null =>
  risk.mark === 0 ? null : wake(market.markTriggers, risk.mark);

/** The mark follows the index; the funding rate leans on the distance of the last trade from it. */
function renew(risk: MarketRisk, spotTicks: number): void {
  const { last } = risk.market;
  risk.index = spotTicks > 0 ? spotTicks : last;
  risk.mark = risk.index;
  if (risk.index === 0) return;
  const premium = Math.round(((last - risk.index) / risk.index) * 100_000_000);
  const lean = Math.max(-clampBy, Math.min(clampBy, interest - premium));
  risk.rate = BigInt(Math.max(-mostRate, Math.min(mostRate, premium + lean)));
}

/** Longs pay shorts when the rate is positive; through the exchange's account, so that sums stay exact. */
function payFunding(core: Core, account: Account, position: Position, risk: MarketRisk): bigint {
  if (position.lots === 0 || risk.mark === 0) return 0n;
  const notional = worth(risk.market, risk.mark, Math.abs(position.lots));
  const due = (notional * risk.rate) / 100_000_000n;
  const received = position.lots > 0 ? -due : due;
  const { free } = balanceOf(account, marginAsset);
  const paid = received < -free ? -free : received;
  move(core, account, marginAsset, paid, 0n, "funding");
  move(core, core.fees, marginAsset, -paid, 0n, "funding");
  return paid;
}

function liquidateIfDue(
  core: Core,
  positions: Positions,
  account: Account,
  of: (market: Market) => MarketRisk,
): void {
  const open = positions.all(account).filter(({ lots }) => lots !== 0);
  if (open.length === 0) return;
  const crossed = open.filter(({ isIsolated }) => !isIsolated);
  let equity = balanceOf(account, marginAsset).free;
  let required = 0n;
  for (const position of crossed) {
    const { mark } = of(position.market);
    equity += position.margin + unrealised(position, mark);
    required += maintenance(position, mark);
  }
  if (crossed.length > 0 && equity < required) {
    for (const position of crossed) liquidate(core, account, position);
  }
  for (const position of open) {
    if (!position.isIsolated) continue;
    const { mark } = of(position.market);
    if (position.margin + unrealised(position, mark) < maintenance(position, mark)) {
      liquidate(core, account, position);
    }
  }
}

/** Cancels the account's orders there, then closes the position at the market's price. */
function liquidate(core: Core, account: Account, position: Position): void {
  const { market } = position;
  for (const order of [...account.openByClientId.values()]) {
    if (order.market === market) cancel(core, order, `autoclose-${order.id}`);
  }
  const lots = Math.min(Math.abs(position.lots), market.limits.marketLotsMax);
  place(core, account, market, {
    clientId: `autoclose-${core.now()}-${market.orderCount}`,
    side: position.lots > 0 ? "SELL" : "BUY",
    type: "MARKET",
    timeInForce: "IOC",
    limit: 0,
    lots,
    quote: 0n,
    isPostOnly: false,
    stop: 0,
    stopAbove: false,
    prevention: "NONE",
    isReduceOnly: true,
    isLiquidation: true,
  });
}

/** The price at which a position would be liquidated, in ticks; 0 when none would. */
export function liquidationTicks(position: Position, behind: bigint): number {
  const lots = Math.abs(position.lots);
  if (lots === 0) return 0;
  const unit = worth(position.market, 1, lots);
  const share = 0.004;
  const start = position.lots > 0 ? position.cost - behind : position.cost + behind;
  const ticks = Number(start) / (Number(unit) * (position.lots > 0 ? 1 - share : 1 + share));
  return ticks > 0 ? Math.round(ticks) : 0;
}
