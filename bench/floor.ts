import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import type { Columns } from "@trading/engine";
import { writeCandles } from "./candle-file.ts";
import { median } from "./measure.ts";

export type Floor = Readonly<{
  nsPerCandle: number;
  fills: number;
  finalEquity: number;
  /** What reading all six columns takes: the limit of the memory. */
  readingNs: number;
}>;

const cache = new URL(".cache/", import.meta.url);
const pathOf = (name: string) => new URL(name, cache).pathname;

/** Compiles and runs `floor.c` on the same candles; null where there is no C compiler. */
export function measureFloor(candles: Columns, repetitions: number): Floor | null {
  mkdirSync(cache, { recursive: true });
  try {
    const source = new URL("floor.c", import.meta.url).pathname;
    execFileSync("cc", ["-O3", "-march=native", "-o", pathOf("floor"), source]);
  } catch {
    return null;
  }
  writeCandles(pathOf("candles.f64"), candles);
  const answer = execFileSync(pathOf("floor"), [
    pathOf("candles.f64"),
    String(candles.time.length),
    String(repetitions),
  ]);
  const lines = answer.toString().trim().split("\n");
  const [, fills, , finalEquity, , readingNs] = (lines.at(-1) ?? "").split(" ");
  return {
    nsPerCandle: median(lines.slice(0, -1).map(Number)),
    fills: Number(fills),
    finalEquity: Number(finalEquity),
    readingNs: Number(readingNs),
  };
}
