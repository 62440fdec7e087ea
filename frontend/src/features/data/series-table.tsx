import type { Series } from "@trading/contracts/market-data";
import { CoverageBar } from "../../ui/coverage-bar.tsx";
import { ExchangeText, isSimulated } from "../../ui/exchange-text.tsx";
import { Chip } from "../../ui/feedback.tsx";
import { bytes, count } from "../../ui/format.ts";
import type { Column } from "../../ui/table.tsx";
import { TimeText } from "../../ui/time.tsx";
import { texts } from "./texts.ts";

const words = texts.columns;

export function SourceChip({ series: { source, exchange } }: { series: Series }) {
  if (isSimulated(exchange)) {
    return (
      <Chip tone="simulated">
        <ExchangeText exchange={exchange} />
      </Chip>
    );
  }
  const tone = source === "synthetic" ? "attention" : source === "upload" ? "accent" : "plain";
  return (
    <Chip tone={tone} {...(source === "synthetic" ? { title: texts.syntheticHelp } : {})}>
      {source === "exchange" ? (exchange ?? texts.source.exchange) : texts.source[source]}
    </Chip>
  );
}

/** The columns of the table of series. */
export const columns: readonly Column<Series>[] = [
  {
    id: "market",
    header: words.market,
    width: "minmax(140px,1.4fr)",
    sort: "symbol",
    hidable: false,
    cell: (one) => (
      <>
        <span className="font-medium">{one.symbol}</span>
        {!one.title.startsWith(one.symbol) && <span className="ml-2 text-muted">{one.title}</span>}
      </>
    ),
  },
  {
    id: "source",
    header: words.source,
    width: "128px",
    cell: (one) => <SourceChip series={one} />,
  },
  { id: "timeframe", header: words.timeframe, width: "80px", cell: (one) => one.timeframe },
  {
    id: "coverage",
    header: words.coverage,
    width: "minmax(140px,2fr)",
    cell: (one) => <CoverageBar coverage={one.coverage} />,
  },
  {
    id: "first",
    header: words.first,
    width: "96px",
    sort: "first",
    cell: (one) => <TimeText at={one.first} precision="day" />,
  },
  {
    id: "last",
    header: words.last,
    width: "164px",
    sort: "last",
    cell: (one) => <TimeText at={one.last} />,
  },
  {
    id: "rows",
    header: words.rows,
    width: "92px",
    align: "right",
    sort: "rows",
    cell: (one) => count(one.rows),
  },
  {
    id: "gaps",
    header: words.gaps,
    width: "64px",
    align: "right",
    cell: (one) => <Flaws n={one.gaps} />,
  },
  {
    id: "missing",
    header: words.missing,
    width: "76px",
    align: "right",
    cell: (one) => <Flaws n={one.missing} />,
  },
  {
    id: "warnings",
    header: words.warnings,
    width: "80px",
    align: "right",
    cell: (one) => <Flaws n={one.warnings} />,
  },
  {
    id: "bytes",
    header: words.bytes,
    width: "84px",
    align: "right",
    sort: "bytes",
    cell: (one) => <span className="text-muted">{bytes(one.bytes)}</span>,
  },
];

const Flaws = ({ n }: { n: number }) => (
  <span className={n > 0 ? "text-amber" : "text-muted"}>{count(n)}</span>
);

/** A series on a phone: two lines. */
export const PhoneSeries = ({ series }: { series: Series }) => (
  <div className="grid h-full grid-cols-[1fr_auto] content-center gap-x-3 gap-y-0.5">
    <span className="truncate text-base">
      <span className="font-medium">{series.symbol}</span>{" "}
      <span className="text-muted">{series.timeframe}</span>
    </span>
    <span className="text-right">{count(series.rows)}</span>
    <span className="flex min-w-0 items-center gap-2">
      <SourceChip series={series} />
      <span className="min-w-0 flex-1">
        <CoverageBar coverage={series.coverage} height={6} />
      </span>
    </span>
    <span className={series.gaps > 0 ? "text-right text-amber" : "text-right text-muted"}>
      {texts.gapsShort(series.gaps)}
    </span>
  </div>
);
