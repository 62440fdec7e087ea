import { lazy, Suspense } from "react";
import { Skeleton } from "../../ui/feedback.tsx";
import { ProblemView } from "../../ui/problem-view.tsx";
import { useTabTitle } from "../../ui/tab-title.ts";
import { workbenchAddress } from "./address.ts";
import { useOpening } from "./opening.ts";
import { wantedMarket } from "./search.ts";
import { texts } from "./texts.ts";
import { WorkbenchView } from "./workbench-view.tsx";

// Hardly ever needed.
const NothingToOpen = lazy(() =>
  import("./nothing-to-open.tsx").then((module) => ({ default: module.NothingToOpen })),
);

/** The workbench: chart, parameters and result of one backtest on one page. */
export function WorkbenchPage() {
  useTabTitle(texts.title);
  const search = workbenchAddress.useSearch();
  const opening = useOpening(search);
  switch (opening.kind) {
    case "loading":
      return <Loading />;
    case "problem":
      return <ProblemView error={opening.error} onRetry={opening.retry} className="m-4" />;
    case "no-series":
    case "no-strategies":
    case "series-gone":
    case "strategy-gone":
    case "never-fetched":
      return (
        <Suspense fallback={<Loading />}>
          <NothingToOpen opening={opening} />
        </Suspense>
      );
    case "ready":
      return (
        <WorkbenchView
          key={opening.key}
          initial={opening.state}
          market={wantedMarket(search)}
          backtest={opening.backtest}
          strategies={opening.strategies}
          older={opening.older}
          series={opening.series}
        />
      );
  }
}

const Loading = () => (
  <div className="flex h-full" aria-busy="true" role="status" aria-label={texts.states.loading}>
    <div className="flex flex-1 flex-col">
      <div className="flex h-18 items-center gap-6 border-b border-line px-3">
        <Skeleton className="h-8 w-64" />
        <Skeleton className="h-8 flex-1" />
      </div>
      <Skeleton className="flex-1 rounded-none" />
      <div className="h-1/3 border-t border-line" />
    </div>
    <div className="w-80 border-l border-line bg-panel max-lg:hidden" />
  </div>
);
