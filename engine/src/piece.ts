/**
 * Candles are played in pieces of this many, which stay in the processor's cache between checks, indicators, decisions and
 * equity; shorter ones would make the processor find its way into memory more often. A power of two.
 */
export const pieceLength = 8_192;
