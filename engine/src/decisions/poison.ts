import type { Columns } from "../columns.ts";
import { gridWith } from "../indicators/decimal-grid.ts";

/** Candles after which nothing more is looked at. */
export const tail = 500;

/** What garbage is made of, in turn: one kind shows those that look ahead a little, the others those that look whether it is real. */
const kinds = ["wild", "turned", "shuffled"] as const;

/**
 * The same candles up to and with index `last`, then at most `rest` of garbage, of a kind by the seed: prices that have nothing
 * to do with what came before, moves of the real candles that came, each the other way round, or moves of any of them, either
 * way round. Whoever decides differently until `last` has looked ahead; no size tells the moves from real ones.
 */
export function poisoned(candles: Columns, last: number, seed: number, rest = tail): Columns {
  const all = candles.time.length;
  const rows = Math.min(all, last + 1 + rest);
  const garbage = rowsOf(candles, 0, rows);
  const known = (last < 0 ? candles.open[0] : candles.close[last]) as number;
  const onGrid = gridLike(candles, last);
  const kind = kinds[seed % kinds.length];
  const random = numbers(seed);
  let before = known;
  for (let i = last + 1; i < rows; i++) {
    const other = Math.floor(random() * all);
    const move =
      kind === "wild" ? wildMove(random) : moveOf(candles, kind === "turned" ? i : other);
    const isTurned = kind === "turned" || random() < 0.5;
    const { open, high, low, close } = isTurned ? turned(move) : move;
    garbage.open[i] = onGrid(before * open);
    garbage.high[i] = onGrid(before * high);
    garbage.low[i] = onGrid(before * low);
    garbage.close[i] = onGrid(before * close);
    garbage.volume[i] = candles.volume[other] as number;
    before = garbage.close[i] as number;
    // Wild prices begin anew each time; moves of broken data, shuffled, could leave all numbers.
    const isFar = before > known * farthest || before < known / farthest;
    if (kind === "wild" || isFar) before = known;
  }
  return garbage;
}

/** The prices of a candle as shares of one before it. */
type Move = Readonly<Record<"open" | "high" | "low" | "close", number>>;

function wildMove(random: () => number): Move {
  const [low = 1, open = 1, close = 1, high = 1] = Array.from(
    { length: 4 },
    () => 0.2 + 4 * random(),
  ).sort((one, other) => one - other);
  return { open, high, low, close };
}

const turned = ({ open, high, low, close }: Move): Move => ({
  open: 1 / open,
  high: 1 / low,
  low: 1 / high,
  close: 1 / close,
});

const farthest = 1e6;

function moveOf({ open, high, low, close }: Columns, i: number): Move {
  const before = (i > 0 ? close[i - 1] : open[0]) as number;
  const share = (column: Float64Array) => (column[i] as number) / before;
  return { open: share(open), high: share(high), low: share(low), close: share(close) };
}

/** Candles that tell which decimal grid prices lie on. */
const gridCandles = 100;

/** Rounds to the decimal grid on which the newest candles lie, so that no decimals tell garbage; leaves all where there is none. */
function gridLike({ open, close }: Columns, last: number): (price: number) => number {
  const from = Math.max(0, last + 1 - gridCandles);
  let grid = 1;
  for (const column of [open, close])
    for (const price of column.subarray(from, from + gridCandles))
      grid = grid && gridWith(price, grid);
  return grid === 0 ? (price) => price : (price) => Math.max(1, Math.round(price * grid)) / grid;
}

/** Candles from index `first` on. */
export const startingAt = (candles: Columns, first: number): Columns =>
  rowsOf(candles, first, candles.time.length);

/** A copy of some candles. */
function rowsOf({ time, open, high, low, close, volume }: Columns, from: number, to: number) {
  const rows = (column: Float64Array) => column.slice(from, to);
  return {
    time: rows(time),
    open: rows(open),
    high: rows(high),
    low: rows(low),
    close: rows(close),
    volume: rows(volume),
  };
}

/** Numbers from 0 to below 1 that are the same for the same seed (mulberry32). */
export function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
