import type { Bucket } from "@trading/contracts/reports";
import type { RunReport } from "@trading/engine";
import { useMemo } from "react";
import { BarChart } from "../../../ui/charts/bar-chart.tsx";
import { ScatterChart } from "../../../ui/charts/scatter-chart.tsx";
import { Part } from "../../../ui/facts.tsx";
import { count, percent } from "../../../ui/format.ts";
import type { RunTrade } from "../result/shown.ts";
import { texts } from "../texts.ts";
import { details } from "./texts.ts";

type ExcursionsProps = Readonly<{
  trades: readonly RunTrade[];
  distributions: RunReport["distributions"];
  selected: number | null;
  onSelect: (number: number) => void;
}>;

const share = (value: number) => percent(value, { decimals: 1, sign: true });

/** How far trades went for and against their entry, and what came of it; a click on a dot marks its trade. */
export function Excursions({ trades, distributions, selected, onSelect }: ExcursionsProps) {
  const t = details.excursions;
  const clouds = useMemo(
    () => ({ mae: cloudOf(trades, "mae"), mfe: cloudOf(trades, "mfe") }),
    [trades],
  );
  if (trades.length === 0) return <p className="p-4 text-muted">{texts.tradesTable.none}</p>;
  return (
    <div className="grid gap-x-8 gap-y-5 p-4 text-sm lg:grid-cols-2 xl:grid-cols-3">
      {(["mae", "mfe"] as const).map((name) => (
        <Part key={name} title={t[name]}>
          <ScatterChart
            label={t.cloud(t[name])}
            points={clouds[name]}
            across={t.across[name]}
            upright={t.result}
            format={share}
            selected={selected}
            onSelect={onSelect}
          />
        </Part>
      ))}
      <Part title={t.distribution}>
        <BarChart
          label={t.distribution}
          bars={distributions.profit.map(bucketBar)}
          format={(value) => count(value)}
          height={220}
        />
      </Part>
    </div>
  );
}

/** Trades by an excursion and their result, both over the notional at entry. */
function cloudOf(trades: readonly RunTrade[], name: "mae" | "mfe") {
  return trades.map(({ number, pnl, pnlShare, quantity, entryPrice, [name]: money }) => ({
    key: number,
    x: money / (quantity * entryPrice),
    y: pnlShare,
    tone: pnl > 0 ? ("up" as const) : ("down" as const),
  }));
}

function bucketBar({ from, to, won, lost }: Bucket) {
  return {
    key: String(from),
    label: percent(from, { decimals: 1, sign: true, unit: false }),
    to: won + lost,
    text: details.excursions.bucket(`${share(from)} – ${share(to)}`, won, lost),
    tone: from >= 0 ? ("up" as const) : ("down" as const),
  };
}
