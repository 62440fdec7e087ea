import type { Workbench } from "../use-workbench.ts";

/** What files of a result are called after: strategy, market and timeframe. */
export const fileNameOf = ({ strategy, series, state }: Workbench): string =>
  [strategy.name, (series?.symbol ?? "").replaceAll(/[^\w.-]+/g, "-"), state.timeframe].join("_");
