/**
 * Candles are played in pieces of this many, which stay in the processor's cache between checks, indicators, decisions and
 * equity. A power of two.
 */
export const pieceLength = 2_048;
