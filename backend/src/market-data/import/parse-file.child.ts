import { PlatformError, toProblem } from "../../platform/errors.ts";
import { writeCandleFile } from "../candle-file.ts";
import type { ParseMessage, ParseOrder } from "./parse-in-child.ts";
import { readCandleFile } from "./read-candle-file.ts";

/**
 * A process of its own that reads one uploaded file and writes its candles beside it, so that whatever the
 * file does to the reader, the worker lives on. Told what to do by its only argument; answers in JSON lines.
 */
const order = JSON.parse(process.argv[2] ?? "{}") as ParseOrder;

const tell = (message: ParseMessage): void => {
  process.stdout.write(`${JSON.stringify(message)}\n`);
};

let toldAt = 0;
const onProgress = (share: number): void => {
  const now = performance.now();
  if (now - toldAt < 200) return;
  toldAt = now;
  tell({ kind: "progress", share });
};

try {
  const { columns, ...found } = await readCandleFile(order.input, { ...order.options, onProgress });
  await writeCandleFile(order.output, columns.time.length, [columns]);
  tell({
    kind: "done",
    rows: columns.time.length,
    timeframe: found.timeframe,
    duplicates: found.duplicates,
    skippedLines: found.skippedLines,
    skipped: found.skipped,
  });
} catch (error) {
  if (!(error instanceof PlatformError)) process.stderr.write(`${String(error)}\n`);
  tell({ kind: "refused", problem: toProblem(error) });
}
