import { type Timeframe, timeframeMs, timeframes } from "@trading/contracts/common";
import { candleStart } from "@trading/engine";
import { type Columns, newColumns, rowsOf, sameRow, setRow } from "../columns.ts";
import type { CandleRows } from "./candle-rows.ts";
import { type BadLine, refuseFile, refuseLines } from "./refusal.ts";

export type SettleOptions = Readonly<{
  timeframe?: Timeframe | undefined;
  badLines: "refuse" | "skip";
  nowMs: number;
}>;

export type SettledRows = Readonly<{
  columns: Columns;
  timeframe: Timeframe;
  /** Rows dropped because the same candle stood there before. */
  duplicates: number;
  /** Lines left out: the bad ones where asked to skip them, and a last candle that is still forming. */
  skippedLines: readonly BadLine[];
  skipped: number;
}>;

const iso = (ms: number): string => new Date(ms).toISOString();

/**
 * Makes one ordered block of candles of the rows of a file, or refuses the file. A file that is newest
 * first throughout is turned round; any other disorder is a bad line.
 */
export function settleRows(rows: CandleRows, options: SettleOptions): SettledRows {
  if (rows.rows === 0) throw emptyRefusal(rows);
  const ordered = orderRows(rows);
  refuseBad(rows, ordered, options);
  const timeframe = findTimeframe(ordered.columns.time, options.timeframe);
  const onGrid = keepOnGrid(rows, ordered, timeframe, options.nowMs);
  refuseMixed(onGrid, timeframe);
  refuseBad(rows, onGrid, options);
  return {
    columns: onGrid.columns,
    timeframe,
    duplicates: ordered.duplicates,
    skippedLines: [...rows.badLines, ...onGrid.forming],
    skipped: rows.badCount + onGrid.forming.length,
  };
}

const emptyRefusal = (rows: CandleRows) =>
  rows.badCount === 0
    ? refuseFile("The file holds no candles.")
    : refuseFile(`No line of the file is a candle; ${countOf(rows)}.`, rows.badLines);

function refuseBad(rows: CandleRows, { lines }: Block, { badLines }: SettleOptions): void {
  if (rows.badCount === 0) return;
  if (lines.length < 2) throw tooFewRefusal(rows);
  if (badLines === "skip") return;
  throw refuseLines(
    `${countOf(rows)}; nothing was imported. Mend the file, or import without what is bad.`,
    rows.badLines,
  );
}

const tooFewRefusal = (rows: CandleRows) =>
  refuseFile(`Fewer than two lines are candles; ${countOf(rows)}.`, rows.badLines);

function countOf(rows: CandleRows): string {
  const listed =
    rows.badLines.length < rows.badCount ? `, the first ${rows.badLines.length} are listed` : "";
  return `${rows.badCount} ${rows.badCount === 1 ? "line is" : "lines are"} bad${listed}`;
}

type Block = { columns: Columns; lines: Float64Array };

/** Rows in time order without repeats; rows that stand before an earlier one are bad lines. */
function orderRows(rows: CandleRows): Block & { duplicates: number } {
  const { columns, lines } = isNewestFirst(rows.columns.time) ? turnedRound(rows) : rows;
  let kept = 0;
  let duplicates = 0;
  for (let row = 0; row < lines.length; row++) {
    const time = columns.time[row] as number;
    const before = kept === 0 ? Number.NEGATIVE_INFINITY : (columns.time[kept - 1] as number);
    const line = lines[row] as number;
    if (time > before) {
      setRow(columns, kept, columns, row);
      lines[kept++] = line;
    } else if (time < before) {
      rows.bad(
        line,
        `the time ${iso(time)} is before ${iso(before)} above it; lines must be ordered by time`,
      );
    } else if (sameRow(columns, kept - 1, columns, row)) {
      duplicates++;
    } else {
      rows.bad(
        line,
        `another candle for ${iso(time)}, with other values than line ${lines[kept - 1]}`,
      );
    }
  }
  return { columns: rowsOf(columns, 0, kept), lines: lines.subarray(0, kept), duplicates };
}

function isNewestFirst(time: Float64Array): boolean {
  let descends = false;
  for (let row = 1; row < time.length; row++) {
    const step = (time[row] as number) - (time[row - 1] as number);
    if (step > 0) return false;
    if (step < 0) descends = true;
  }
  return descends;
}

function turnedRound(rows: CandleRows): Block {
  const columns = newColumns(rows.rows);
  for (let row = 0; row < rows.rows; row++) setRow(columns, row, rows.columns, rows.rows - 1 - row);
  return { columns, lines: rows.lines.slice().reverse() };
}

/** The most common step decides; a given timeframe must agree with it where most steps are of one kind. */
function findTimeframe(time: Float64Array, given: Timeframe | undefined): Timeframe {
  const common = commonStep(time);
  if (common === null) {
    if (given !== undefined) return given;
    throw refuseFile(
      "One candle does not tell its timeframe; name the timeframe and import it again.",
    );
  }
  const found = timeframes.find((name) => timeframeMs[name] === common.step);
  if (given === undefined) {
    if (found !== undefined) return found;
    throw refuseFile(
      `Most candles lie ${common.step / 1_000} s apart, which is no timeframe (${timeframes.join(", ")}).`,
    );
  }
  if (found !== given && common.share > 0.5) {
    throw refuseFile(
      `The candles lie ${found ?? `${common.step / 1_000} s`} apart; they are not candles of ${given}.`,
    );
  }
  return given;
}

const stepsCounted = 200_000;

function commonStep(time: Float64Array): { step: number; share: number } | null {
  const counts = new Map<number, number>();
  const steps = Math.min(time.length - 1, stepsCounted);
  for (let row = 1; row <= steps; row++) {
    const step = (time[row] as number) - (time[row - 1] as number);
    counts.set(step, (counts.get(step) ?? 0) + 1);
  }
  let best: { step: number; share: number } | null = null;
  for (const [step, count] of counts) {
    const share = count / steps;
    if (best === null || share > best.share || (share === best.share && step < best.step)) {
      best = { step, share };
    }
  }
  return best;
}

/** Drops rows off the grid of the timeframe or in the future (bad lines), and the one still forming. */
function keepOnGrid(
  rows: CandleRows,
  block: Block,
  timeframe: Timeframe,
  nowMs: number,
): Block & { forming: BadLine[] } {
  const { columns, lines } = block;
  const step = timeframeMs[timeframe];
  const forming: BadLine[] = [];
  let kept = 0;
  for (let row = 0; row < lines.length; row++) {
    const time = columns.time[row] as number;
    const line = lines[row] as number;
    if (candleStart(time, step) !== time) {
      rows.bad(
        line,
        `the time ${iso(time)} is not the beginning of a candle of ${timeframe} (UTC)`,
      );
    } else if (time > nowMs) {
      rows.bad(line, `the time ${iso(time)} lies in the future`);
    } else if (time + step > nowMs) {
      forming.push({
        line,
        message: `the candle of ${iso(time)} is not closed yet; it was left out`,
      });
    } else {
      setRow(columns, kept, columns, row);
      lines[kept++] = line;
    }
  }
  return { columns: rowsOf(columns, 0, kept), lines: lines.subarray(0, kept), forming };
}

/** Missing candles make uneven steps; one and the same longer step again and again is another timeframe. */
function refuseMixed({ columns, lines }: Block, timeframe: Timeframe): void {
  const { time } = columns;
  const runMax = Math.max(3, Math.min(8, Math.floor(time.length / 4)));
  let run = 0;
  let previous = 0;
  for (let row = 1; row < time.length; row++) {
    const step = (time[row] as number) - (time[row - 1] as number);
    run = step === previous ? run + 1 : 1;
    previous = step;
    if (run < runMax || step === timeframeMs[timeframe]) continue;
    const other = timeframes.find((name) => timeframeMs[name] === step);
    if (other === undefined) continue;
    const line = lines[row - run + 1] as number;
    const message = `from here on candles lie ${other} apart, not ${timeframe}`;
    throw refuseFile(
      `The file mixes candles of ${timeframe} and ${other}; import each on its own.`,
      [{ line, message }],
    );
  }
}
