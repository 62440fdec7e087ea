import { Account } from "./account.ts";
import type { Fill } from "./result.ts";
import type { Columns } from "./run.ts";

/**
 * Equity at the close of every candle: cash and the position at that close. Between two fills both stand still, so the
 * curve is drawn in segments after the run instead of candle by candle during it.
 */
export function equityFrom(
  fills: readonly Fill[],
  candles: Columns,
  capital: number,
): Float64Array {
  const { close } = candles;
  const equity = new Float64Array(close.length);
  const account = new Account(capital);
  let from = 0;
  for (const fill of fills) {
    draw(equity, close, from, fill.index, account);
    from = fill.index;
    account.book(
      fill.side === "buy" ? fill.quantity : -fill.quantity,
      fill.price,
      fill.fee,
      fill.index,
    );
  }
  draw(equity, close, from, close.length, account);
  return equity;
}

function draw(
  equity: Float64Array,
  close: Float64Array,
  from: number,
  to: number,
  account: Account,
): void {
  const { cash, held } = account;
  if (held === 0) {
    equity.fill(cash, from, to);
    return;
  }
  for (let i = from; i < to; i++) equity[i] = cash + held * (close[i] as number);
}
