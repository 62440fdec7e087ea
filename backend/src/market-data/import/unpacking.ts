import type { ImportLimits } from "./limits.ts";
import { refuseFile } from "./refusal.ts";

/** The content of a file, block by block. */
export type Bytes = AsyncIterable<Buffer>;

const ratioLookedAtFrom = 16 * 1024 * 1024;

/** Stops unpacking what would fill memory or disk. */
export function refuseBomb(expanded: number, packed: number, limits: ImportLimits): void {
  if (expanded > limits.expandedBytesMax) {
    throw refuseFile(
      `The file unpacks to more than ${inMebibytes(limits.expandedBytesMax)}; split it by time.`,
    );
  }
  if (expanded > ratioLookedAtFrom && expanded > packed * limits.expansionRatioMax) {
    throw refuseFile(
      `The file unpacks to more than ${limits.expansionRatioMax} times its size; candles do not.`,
    );
  }
}

export const inMebibytes = (bytes: number): string => `${Math.ceil(bytes / 1024 / 1024)} MiB`;

export const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
