import { SourceMap } from "node:module";

export type Position = Readonly<{ file: string; line: number }>;

/** Where a place in bundled code (line from 1, column from 0) was written; null where the map does not know. */
export function originalPosition(map: string, line: number, column: number): Position | null {
  const entry = new SourceMap(JSON.parse(map)).findEntry(line - 1, column);
  if (!("originalLine" in entry) || entry.originalSource === undefined) return null;
  return { file: entry.originalSource, line: entry.originalLine + 1 };
}
