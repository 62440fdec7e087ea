/** What the address of the workbench can say: a stored backtest to open, or what to start from; and how trades are listed. */
export type WorkbenchSearch = {
  backtest?: string;
  series?: string;
  strategy?: string;
  /** A market whose candles are to be fetched: both or none. */
  exchange?: string;
  symbol?: string;
  sort?: TradeSort;
  order?: "asc" | "desc";
} & TradeFilter;

/** Which trades are listed: those that agree with all that is said. */
export type TradeFilter = {
  side?: "long" | "short";
  result?: "won" | "lost";
  exit?: string;
  market?: string;
};

export const tradeSorts = ["number", "entryAt", "exitAt", "pnl", "pnlShare", "candles"] as const;
export type TradeSort = (typeof tradeSorts)[number];

export type WantedMarket = Readonly<{ exchange: string; symbol: string }>;

/** The market another page asks for. */
export const wantedMarket = ({ exchange, symbol }: WorkbenchSearch): WantedMarket | null =>
  exchange === undefined || symbol === undefined ? null : { exchange, symbol };

/** Takes what is valid from an address and leaves the rest. */
export function workbenchSearch(search: Record<string, unknown>): WorkbenchSearch {
  const { exchange, symbol } = search;
  const isMarket = typeof exchange === "string" && typeof symbol === "string";
  return {
    ...texts(search, ["backtest", "series", "strategy"]),
    ...(isMarket && { exchange, symbol }),
    ...oneOf("sort", search.sort, tradeSorts),
    ...oneOf("order", search.order, ["asc", "desc"] as const),
    ...oneOf("side", search.side, ["long", "short"] as const),
    ...oneOf("result", search.result, ["won", "lost"] as const),
    ...texts(search, ["exit", "market"]),
  };
}

type Texts<Name extends string> = { [N in Name]?: string };

const texts = <Name extends string>(
  search: Record<string, unknown>,
  names: readonly Name[],
): Texts<Name> =>
  Object.fromEntries(
    names.flatMap((name) => (typeof search[name] === "string" ? [[name, search[name]]] : [])),
  ) as Texts<Name>;

function oneOf<Name extends string, Value extends string>(
  name: Name,
  given: unknown,
  allowed: readonly Value[],
): { [N in Name]?: Value } {
  const value = allowed.find((one) => one === given);
  return (value === undefined ? {} : { [name]: value }) as { [N in Name]?: Value };
}
