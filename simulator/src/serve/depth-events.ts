import { depthView } from "../api/market-data.ts";
import { formatUnits } from "../core/decimal.ts";
import { formatLots, formatPrice } from "../core/market.ts";
import type { Market } from "../core/state.ts";
import type { Hub } from "./hub.ts";

type View = Record<string, unknown>;

/** Which form a venue's streams take. */
export type StreamDialect = Readonly<{
  /** Extra fields of a depth update: futures add the transaction time and the previous final id. */
  depth: (lastSent: number, now: number) => View;
  trade: View;
}>;

export const spotDialect: StreamDialect = { depth: () => ({}), trade: { M: true } };

export type DepthState = { sent: number; levels: Map<string, string> };
type DepthCall = Readonly<{ stream: string; kind: string; now: number; dialect: StreamDialect }>;
const diffDepthLevels = 5000;

/**
 * Remembers the book as it is: the first update then begins right after what a snapshot taken from now on
 * shows, however soon it is taken.
 */
export function openDepth(market: Market, stream: string, states: Map<string, DepthState>): void {
  states.set(stream, { sent: market.book.updateId, levels: snapshot(market) });
}

/** Sends what changed since the stream's last message, or the best levels of a partial stream. */
export function sendDepth(
  hub: Hub,
  market: Market,
  call: DepthCall,
  states: Map<string, DepthState>,
): void {
  const { stream, kind, now, dialect } = call;
  const levels = Number(kind.slice("depth".length));
  const state = states.get(stream);
  const { updateId } = market.book;
  if (state?.sent === updateId) return;
  if (levels > 0) {
    states.set(stream, { sent: updateId, levels: new Map() });
    hub.publish(stream, () => partialDepth(market, levels, state?.sent ?? updateId, call));
    return;
  }
  if (state === undefined) {
    openDepth(market, stream, states);
    return;
  }
  const current = snapshot(market);
  states.set(stream, { sent: updateId, levels: current });
  const changes = changesOf(state.levels, current);
  hub.publish(stream, () => ({
    e: "depthUpdate",
    E: now,
    s: market.symbol,
    U: state.sent + 1,
    u: updateId,
    ...dialect.depth(state.sent, now),
    b: changes.bids,
    a: changes.asks,
  }));
}

function partialDepth(market: Market, levels: number, lastSent: number, call: DepthCall): View {
  const view = depthView(market, levels);
  const extra = call.dialect.depth(lastSent, call.now);
  if (!("T" in extra)) return view;
  return {
    e: "depthUpdate",
    E: call.now,
    s: market.symbol,
    U: lastSent + 1,
    u: view.lastUpdateId,
    ...extra,
    b: view.bids,
    a: view.asks,
  };
}

function snapshot(market: Market): Map<string, string> {
  const levels = new Map<string, string>();
  for (const [side, key] of [
    ["BUY", "b"],
    ["SELL", "a"],
  ] as const) {
    for (const level of market.book.top(side, diffDepthLevels)) {
      levels.set(key + formatPrice(market, level.ticks), formatLots(market, level.lots));
    }
  }
  return levels;
}

function changesOf(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): { bids: string[][]; asks: string[][] } {
  const bids: string[][] = [];
  const asks: string[][] = [];
  const put = (key: string, quantity: string): void => {
    (key.startsWith("b") ? bids : asks).push([key.slice(1), quantity]);
  };
  for (const [key, quantity] of after) if (before.get(key) !== quantity) put(key, quantity);
  for (const key of before.keys()) if (!after.has(key)) put(key, formatUnits(0n));
  return { bids, asks };
}
