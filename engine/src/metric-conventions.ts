import { costsConventions } from "./conventions/costs.ts";
import { excursionsConventions } from "./conventions/excursions.ts";
import type { MetricConvention, MetricGroup } from "./conventions/metric-convention.ts";
import { ordersConventions } from "./conventions/orders.ts";
import { relativeConventions } from "./conventions/relative.ts";
import { resultConventions } from "./conventions/result.ts";
import { riskConventions } from "./conventions/risk.ts";
import { stabilityConventions } from "./conventions/stability.ts";
import { tradesConventions } from "./conventions/trades.ts";

/** The groups in the order screens and reports list them. */
export const metricGroups: Readonly<Record<MetricGroup, string>> = {
  result: "Result",
  risk: "Risk",
  trades: "Trades",
  excursions: "Excursions",
  relative: "Against buy and hold",
  stability: "Stability",
  costs: "Costs",
  orders: "Orders",
};

/**
 * Every metric by name, in the order screens and reports list them: what it is called, its unit and how it is computed.
 * Money is in the quote currency, fractions are of 1 (0.1 is 10 %).
 */
export const metricConventions = {
  ...resultConventions,
  ...riskConventions,
  ...tradesConventions,
  ...excursionsConventions,
  ...relativeConventions,
  ...stabilityConventions,
  ...costsConventions,
  ...ordersConventions,
} satisfies Readonly<Record<string, MetricConvention>>;

export type MetricName = keyof typeof metricConventions;
