import { useQuery } from "@tanstack/react-query";
import { seriesListQuery } from "../../api/queries.ts";
import { Link } from "../../router/router.tsx";
import { buttonClass } from "../../ui/button.tsx";
import { CoverageBar } from "../../ui/coverage-bar.tsx";
import { EmptyState, Skeleton } from "../../ui/feedback.tsx";
import { count } from "../../ui/format.ts";
import { Section } from "../../ui/page.tsx";
import { ProblemView } from "../../ui/problem-view.tsx";
import { TimeText } from "../../ui/time.tsx";
import { texts } from "./texts.ts";

const shown = 8;

/** The candles at hand, the freshest first. */
export function DataOverview() {
  const list = useQuery(seriesListQuery({ pageSize: 100, sort: "updatedAt", order: "desc" }));
  const items = list.data?.items;
  const tools = (
    <Link to="/data" className="text-sm text-accent pointer-coarse:-my-3.5 pointer-coarse:py-3.5">
      {texts.dataAll}
    </Link>
  );
  return (
    <Section title={texts.data} tools={tools}>
      {list.error !== null && (
        <ProblemView error={list.error} onRetry={() => void list.refetch()} className="m-4" />
      )}
      {items === undefined && list.error === null && <Skeleton className="mx-4 mb-4 h-40" />}
      {items?.length === 0 && (
        <EmptyState
          className="py-6"
          action={
            <Link to="/data" search={{ add: "download" }} className={buttonClass()}>
              {texts.dataAdd}
            </Link>
          }
        >
          {texts.dataNone}
        </EmptyState>
      )}
      {items !== undefined && items.length > 0 && (
        <>
          <p className="px-4 pb-2 text-sm text-muted max-sm:px-3">
            {texts.dataSum(
              list.data?.total ?? 0,
              count(items.reduce((sum, one) => sum + one.rows, 0)),
            )}
          </p>
          {items.slice(0, shown).map((one) => (
            <Link
              key={one.id}
              to="/data"
              search={{ series: one.id }}
              className="grid min-h-8 grid-cols-[112px_1fr_auto] items-center gap-x-3 border-t border-line px-4 text-sm -outline-offset-2 hover:bg-hover max-sm:px-3 pointer-coarse:min-h-11"
            >
              <span className="truncate">
                <span className="font-medium">{one.symbol}</span>{" "}
                <span className="text-muted">{one.timeframe}</span>
              </span>
              <CoverageBar coverage={one.coverage} height={8} />
              <span className="text-muted">
                <TimeText at={one.last} precision="day" />
              </span>
            </Link>
          ))}
        </>
      )}
    </Section>
  );
}
