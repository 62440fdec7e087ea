import type { Columns } from "./columns.ts";

/** The candle that orders meet now, or a finer one inside it. */
export class Moment {
  /** Index of the candle, also while a finer one inside it is met; -1 before the first. */
  index = -1;
  /** Open time of what is met. */
  time = 0;
  open = 0;
  high = 0;
  low = 0;
  close = 0;
  volume = 0;
  /** What orders may still fill of its volume. */
  volumeLeft = Number.POSITIVE_INFINITY;
  /** Rises with every moment, so that an order can say in which one it began to wait. */
  number = 0;

  /** Moves on to a row of candles, inside the candle `index`. Prices that contradict each other are taken at their widest. */
  read(candles: Columns, row: number, index: number, volumeShareMax: number | null): void {
    this.number++;
    this.index = index;
    this.time = candles.time[row] as number;
    this.open = candles.open[row] as number;
    this.close = candles.close[row] as number;
    this.high = Math.max(candles.high[row] as number, this.open, this.close);
    this.low = Math.min(candles.low[row] as number, this.open, this.close);
    this.volume = candles.volume[row] as number;
    this.volumeLeft =
      volumeShareMax === null ? Number.POSITIVE_INFINITY : this.volume * volumeShareMax;
  }

  /** Nothing of the candle is left but its close. */
  narrowToClose(): void {
    this.open = this.close;
    this.high = this.close;
    this.low = this.close;
  }
}
