import type { Columns } from "./columns.ts";
import { candleStart, joinInto } from "./resample.ts";

/**
 * Joins candles to coarser ones while a run goes on, as `resample` does with all of them: only closed candles come out, the
 * first one whole, and a span without any candle stays absent. Nothing later than the candles joined so far is read.
 */
export class JoinedCandles {
  /** As many rows as there can be; those from `joinTo` on are not joined yet. */
  readonly columns: Columns;
  readonly #source: Columns;
  readonly #fromMs: number;
  readonly #toMs: number;
  /** Source rows that belong to joined candles, or to a first one that is not whole. */
  #used = 0;
  #rows = 0;

  constructor(source: Columns, fromMs: number, toMs: number) {
    this.#source = source;
    this.#fromMs = fromMs;
    this.#toMs = toMs;
    const rows = countSpans(source.time, toMs);
    const column = () => new Float64Array(rows);
    this.columns = {
      time: column(),
      open: column(),
      high: column(),
      low: column(),
      close: column(),
      volume: column(),
    };
  }

  /** Goes on over the source rows before `end`, which are sound; how many candles have closed with them. */
  joinTo(end: number): number {
    const { time } = this.#source;
    const knownUntil = (time[end - 1] as number) + this.#fromMs;
    while (this.#used < end) {
      const first = this.#used;
      const start = candleStart(time[first] as number, this.#toMs);
      // Asked this way round, a time that is none ends it.
      if (!(start + this.#toMs <= knownUntil)) break;
      let next = first;
      while (next < end && (time[next] as number) < start + this.#toMs) next++;
      const isWhole = start >= (time[0] as number);
      if (isWhole) joinInto(this.columns, this.#rows++, start, this.#source, first, next);
      this.#used = next;
    }
    return this.#rows;
  }
}

/** The most candles there can be; what cannot be a time counts too, and is refused before it is joined. */
function countSpans(time: Float64Array, toMs: number): number {
  let spans = 0;
  let last = Number.NaN;
  for (let i = 0; i < time.length; i++) {
    const start = candleStart(time[i] as number, toMs);
    if (start !== last) spans++;
    last = start;
  }
  return spans;
}
