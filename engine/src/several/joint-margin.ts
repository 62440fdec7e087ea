import type { Wallet } from "../account.ts";
import { CrossAccount } from "../perpetual-account.ts";

/** A market whose candle, or finer candle, has ended. */
type Ended = Readonly<{
  account: { held: number; lastPrice: number };
  /** Whether anything of it was filled or paid there. */
  hasMoved: boolean;
  /** The price in it that is worst for what is held. */
  worst: number;
  /** The exchange takes what is held at its last price. */
  takeOver(): void;
}>;

/**
 * Judges positions that share their margin where candles of several markets end at one time. Each was judged alone, with the
 * others as they were before; but they may have fallen together, or have lost what the last of them was to live on. So all go
 * evenly from there to their worst, and where that leaves less than they must keep, the exchange takes them on the way. Like every
 * worst inside a candle this is assumed, not known.
 */
export function judgeTogether(ending: readonly Ended[], wallet: Wallet): void {
  const held = ending.filter(
    ({ account }) => account instanceof CrossAccount && account.held !== 0,
  );
  if (held.length < 2 && !ending.some((one) => one.hasMoved && !held.includes(one))) return;
  const before = held.map(({ account }) => account.lastPrice);
  const isRuinedAt = (share: number): boolean => {
    for (const [i, { account, worst }] of held.entries()) {
      const from = before[i] as number;
      account.lastPrice = from + share * (worst - from);
    }
    return wallet.equity <= keptBy(wallet);
  };
  if (!isRuinedAt(1)) {
    isRuinedAt(0);
    return;
  }
  let [safe, ruined] = [0, isRuinedAt(0) ? 0 : 1];
  for (let step = 0; step < halvings && safe < ruined; step++) {
    const middle = (safe + ruined) / 2;
    if (isRuinedAt(middle)) ruined = middle;
    else safe = middle;
  }
  isRuinedAt(ruined);
  for (const desk of held) desk.takeOver();
}

const halvings = 50;

const keptBy = ({ accounts }: Wallet): number =>
  accounts.reduce((sum, one) => sum + (one instanceof CrossAccount ? one.kept : 0), 0);
