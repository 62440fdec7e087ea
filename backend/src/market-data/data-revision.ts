import { createHash } from "node:crypto";
import { bytesOf, type Columns, columnNames } from "./columns.ts";

/**
 * The identity of candles: SHA-256 (hex) over time, open, high, low, close and volume, each as
 * little-endian float64. Equal candles have equal revisions in a file, a series and a browser.
 */
export function dataRevision(columns: Columns): string {
  const hash = createHash("sha256");
  for (const name of columnNames) hash.update(bytesOf(columns[name]));
  return hash.digest("hex");
}
