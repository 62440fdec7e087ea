const mebibyte = 1024 * 1024;

/** What one candle file may ask of the machine. A file beyond a limit is refused in one sentence. */
export const importLimits = {
  fileBytesMax: 256 * mebibyte,
  /** After unpacking. */
  expandedBytesMax: 2048 * mebibyte,
  /** Candle files pack to about a sixth; far more than that is an attack. Looked at after 16 MiB. */
  expansionRatioMax: 200,
  rowsMax: 8_000_000,
  lineLengthMax: 16_384,
  /** Lines that a refusal or an import lists; the count is whole. */
  badLinesListed: 50,
  /** Files inside one archive. */
  archiveEntriesMax: 1_000,
} as const;

/** The limits, or smaller ones in tests. */
export type ImportLimits = Readonly<Record<keyof typeof importLimits, number>>;
