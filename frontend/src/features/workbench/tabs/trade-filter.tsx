import { Filter } from "lucide-react";
import { lazy, Suspense } from "react";
import { cx } from "../../../ui/cx.ts";
import { count } from "../../../ui/format.ts";
import { Popover } from "../../../ui/popover.tsx";
import type { RunTrade } from "../result/shown.ts";
import { texts } from "../texts.ts";
import type { TradeList } from "./trade-list.ts";

// Behind a button: it comes when it is opened.
const TradeFilterForm = lazy(() =>
  import("./trade-filter-form.tsx").then((module) => ({ default: module.TradeFilterForm })),
);

type MenuProps = Readonly<{ trades: readonly RunTrade[]; list: TradeList }>;

/** Chooses which trades are listed; its face says how many of how many these are. */
export function TradeFilterMenu({ trades, list: { matching, filter, setFilter } }: MenuProps) {
  const t = texts.tradesTable;
  const isFiltered = Object.keys(filter).length > 0;
  return (
    <Popover
      label={t.filter}
      face={
        <>
          <Filter size={14} className={isFiltered ? "text-accent" : ""} />
          <span className={cx("whitespace-nowrap max-sm:sr-only", isFiltered && "text-text")}>
            {isFiltered ? t.filtered(count(matching?.length), count(trades.length)) : t.filter}
          </span>
        </>
      }
    >
      {() => (
        <Suspense fallback={<div className="h-40 w-52" />}>
          <TradeFilterForm trades={trades} filter={filter} onFilter={setFilter} />
        </Suspense>
      )}
    </Popover>
  );
}
