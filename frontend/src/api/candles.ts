import type { Timeframe } from "@trading/contracts/timeframes";
import type { Columns } from "@trading/engine";
import { send } from "./client.ts";
import { local, ProblemError } from "./problem.ts";

/** Candles as the engine takes them, with the revision that goes into a fingerprint. */
export type Candles = Readonly<{ columns: Columns; revision: string }>;
export type CandlesWanted = Readonly<{
  timeframe?: Timeframe | undefined;
  from?: string | undefined;
  to?: string | undefined;
}>;

/** Reads the candles of a series as binary columns. Throws ProblemError. */
export async function loadCandles(
  seriesId: string,
  wanted: CandlesWanted = {},
  signal?: AbortSignal,
): Promise<Candles> {
  const response = await send(`/series/${encodeURIComponent(seriesId)}/candles`, {
    query: wanted,
    signal,
  });
  return {
    columns: decodeCandles(await response.arrayBuffer()),
    revision: response.headers.get("x-data-revision") ?? "",
  };
}

const names = ["time", "open", "high", "low", "close", "volume"] as const;
const headerBytes = 16;

/** Decodes `TPC1` (contracts/market-data): a header of 16 bytes, then six Float64 columns, little endian. */
export function decodeCandles(buffer: ArrayBuffer): Columns {
  const view = new DataView(buffer);
  const isOurs = buffer.byteLength >= headerBytes && view.getUint32(0, false) === 0x54504331;
  const rows = isOurs ? view.getUint32(4, true) : 0;
  if (!isOurs || buffer.byteLength !== headerBytes + names.length * rows * 8) {
    throw new ProblemError(
      local(
        "candles-broken",
        0,
        "The candles cannot be read",
        "The answer was cut short or is not in the expected format. Load the page again.",
      ),
    );
  }
  const column = (index: number) => new Float64Array(buffer, headerBytes + index * rows * 8, rows);
  return {
    time: column(0),
    open: column(1),
    high: column(2),
    low: column(3),
    close: column(4),
    volume: column(5),
  };
}
