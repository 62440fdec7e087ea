import type { Core } from "../core/core.ts";
import type { Account, Market } from "../core/state.ts";
import type { Faults } from "../faults/faults.ts";
import type { Limits } from "./limits.ts";
import type { Parameters } from "./parameters.ts";
import { badSymbol, illegal } from "./problem.ts";

export type Security = "NONE" | "KEY" | "TRADE" | "USER_DATA" | "USER_STREAM";

/** One exchange with its own rules around it: spot, or futures. */
export type Venue = Readonly<{
  core: Core;
  limits: Limits;
  faults: Faults;
  /** The owner's account on this venue; keys belong to spot accounts. */
  accountOf: (spot: Account) => Account;
}>;

/** One call, checked and ready to be answered. */
export type Call = Readonly<{ venue: Venue; parameters: Parameters; account: Account | null }>;

/** What the API can do: one table row serves REST and the WebSocket API alike. */
export type Operation = Readonly<{
  /** "GET /api/v3/depth", or null when only the WebSocket API has it. */
  rest: string | null;
  /** "depth", or null when only REST has it. */
  socket: string | null;
  security: Security;
  weight: number | ((parameters: Parameters) => number);
  /** Names it reads, besides those of signing. */
  parameters: readonly string[];
  run: (call: Call) => unknown;
}>;

const symbolForm = /^[A-Z0-9\-_.]{1,20}$/;

export function findMarket(venue: Venue, symbol: string): Market {
  if (!symbolForm.test(symbol)) throw illegal("symbol", "^[A-Z0-9-_.]{1,20}$");
  const market = venue.core.markets.get(symbol);
  if (market === undefined) throw badSymbol();
  return market;
}

export function requiredMarket({ venue, parameters }: Call): Market {
  return findMarket(venue, parameters.required("symbol"));
}

/** The account of a signed call. */
export function owner(call: Call): Account {
  if (call.account === null) throw new Error("an unsigned call reached a signed operation");
  return call.account;
}
