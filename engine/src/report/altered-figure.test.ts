import { expect, test } from "vitest";
import { alteredFigure, type ToldFigures } from "./altered-figure.ts";

const made = {
  fingerprint: "f",
  metrics: { finalEquity: 101, sharpe: null },
  trades: [{ pnl: 1 }, { pnl: 3 }],
  tradeCount: 2,
  fills: [{ price: 1 }],
  data: { gaps: 2 },
  markets: [{ gaps: 2 }, { gaps: 1 }],
  rejectedOrders: { "beyond-funds": 2 },
  ambiguousCandles: 4,
  report: { groupings: { side: [{ key: "long", net: 4 }] }, freqtrade: { calmar: 1 } },
  curve: { equity: [100, 101] },
  policyRange: { runs: [{ policy: "path", net: 3 }] },
  explanation: { waterfall: { net: 4 } },
};
const wholly = (change: object): ToldFigures => ({ ...made, ...change });

test.each<[string | null, object]>([
  [null, {}],
  [null, { trades: 2 }],
  ["fingerprint", { fingerprint: "g" }],
  ["metrics.finalEquity", { metrics: { ...made.metrics, finalEquity: 102 } }],
  ["metrics.sharpe", { metrics: { ...made.metrics, sharpe: 4 } }],
  ["metrics.finalEquity", { metrics: { sharpe: null } }],
  ["metrics.omega", { metrics: { ...made.metrics, omega: 9 } }],
  ["the number of trades", { trades: 3 }],
  ["the number of trades", { trades: [made.trades[0]] }],
  ["trades.1.pnl", { trades: [made.trades[0], { pnl: 2 }] }],
  ["tradeCount", { tradeCount: 3 }],
  ["the number of fills", { fills: [] }],
  ["fills.0.price", { fills: [{ price: 2 }] }],
  ["data.gaps", { data: { gaps: 0 } }],
  ["markets.1.gaps", { markets: [{ gaps: 2 }, { gaps: 9 }] }],
  ["trades.0", { trades: [null, null] }],
  ["rejectedOrders.beyond-funds", { rejectedOrders: {} }],
  ["ambiguousCandles", { ambiguousCandles: 0 }],
  ["report.groupings.side.0.net", { report: { groupings: { side: [{ key: "long", net: 9 }] } } }],
  ["report.freqtrade", { report: { groupings: made.report.groupings } }],
  ["the number of curve.equity", { curve: { equity: [100] } }],
  ["curve.equity.1", { curve: { equity: [100, 999] } }],
  ["curve", { curve: undefined }],
  ["policyRange", { policyRange: null }],
  ["policyRange.runs.0.net", { policyRange: { runs: [{ policy: "path", net: 9 }] } }],
  ["explanation.waterfall.net", { explanation: { waterfall: { net: 5 } } }],
  [null, { explanation: undefined }],
])("%s is found altered", (found, change) => {
  expect(alteredFigure(wholly(change), made)).toBe(found);
});

test("what there was no time for, then or now, was not altered", () => {
  const long = { policyRange: null, explanation: { waterfall: null } };
  expect(alteredFigure(made, wholly(long))).toBeNull();
  expect(alteredFigure(wholly(long), made)).toBeNull();
});
