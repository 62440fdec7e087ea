/** What the columns are counted in, and how fine. */
export type TradeUnits = Readonly<{
  base: string;
  quote: string;
  tick: number | null;
  isDaily: boolean;
  /** Whether trades pay funding and can be liquidated. */
  isPerpetual: boolean;
  /** Whether they were made in several markets. */
  hasMarkets: boolean;
  /** Whether some have more than one entry or exit. */
  hasSeveral: boolean;
}>;
