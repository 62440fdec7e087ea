/** What an operator says about a market; amounts are decimal strings. */
export type MarketSettings = Readonly<{
  symbol: string;
  base: string;
  quote: string;
  tick: string;
  lot: string;
  /** Where the market starts when no data says otherwise. */
  price: string;
  maxPrice?: string;
  maxQuantity?: string;
  maxMarketQuantity?: string;
  minNotional?: string;
  maxNotional?: string;
  /** Prices may be this many times above and below the five-minute average. */
  bandUp?: string;
  bandDown?: string;
  maxOrders?: number;
  maxAlgoOrders?: number;
  maxOrderLists?: number;
  maxPosition?: string;
  makerRate?: string;
  takerRate?: string;
  /** Perpetual future instead of spot. */
  perpetual?: boolean;
}>;
