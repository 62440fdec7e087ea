/**
 * Candles as columns of equal length, ordered by time; `time` is the open time in ms since epoch, UTC. Never changed once they
 * were handed to a run.
 */
export type Columns = Readonly<{
  time: Float64Array;
  open: Float64Array;
  high: Float64Array;
  low: Float64Array;
  close: Float64Array;
  volume: Float64Array;
}>;

/** Finer candles, with the SHA-256 (hex) of their columns. */
export type Detail = Readonly<{ candles: Columns; timeframe: string; dataRevision: string }>;
