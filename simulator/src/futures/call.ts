import type { Call, Operation, Security, Venue } from "../api/operation.ts";
import { format } from "../core/decimal.ts";
import type { Market } from "../core/state.ts";
import type { Positions } from "./positions.ts";
import type { Risk } from "./risk.ts";

/** The futures venue with what only it has. */
export type FuturesVenue = Venue & Readonly<{ positions: Positions; risk: Risk }>;

export type FuturesCall = Call & Readonly<{ venue: FuturesVenue }>;

type Run = (call: FuturesCall) => unknown;

/** A row of the futures API. Its calls always carry the futures venue: no other venue serves them. */
export function futuresOperation(
  rest: string,
  security: Security,
  weight: Operation["weight"],
  parameters: readonly string[],
  run: Run,
  socket: string | null = null,
): Operation {
  return { rest, socket, security, weight, parameters, run: (call) => run(call as FuturesCall) };
}

/** Futures write prices and quantities with their market's own decimals. */
export const price = (market: Market, ticks: number): string =>
  format(
    BigInt(ticks) * BigInt(market.tickUnits / 10 ** (8 - market.pricePlaces)),
    market.pricePlaces,
  );

export const quantity = (market: Market, lots: number): string =>
  format(
    BigInt(lots) * BigInt(market.lotUnits / 10 ** (8 - market.quantityPlaces)),
    market.quantityPlaces,
  );
