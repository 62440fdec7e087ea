import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { siteQuery } from "../../../api/queries.ts";
import type { Stretch } from "../chart/selected.ts";
import type { Shown } from "../result/shown.ts";
import type { Workbench } from "../use-workbench.ts";
import { CostsTab } from "./costs-tab.tsx";
import { fileNameOf } from "./file-name.ts";
import { MetricsTab, type MetricsView } from "./metrics-tab.tsx";
import { OverviewTab } from "./overview-tab.tsx";
import { details } from "./texts.ts";
import { TrustTab } from "./trust-tab.tsx";

export type DetailTab = "overview" | "metrics" | "costs" | "trust";

type DetailProps = Readonly<{
  workbench: Workbench;
  shown: Shown;
  tab: DetailTab;
  selected: number | null;
  onTrade: (number: number) => void;
  onStretch: (stretch: Stretch) => void;
}>;

/** What stands behind a tab other than the trades. */
export function Detail({
  workbench,
  shown,
  tab,
  selected,
  onTrade,
  onStretch,
}: DetailProps): ReactNode {
  const [view, setView] = useState<MetricsView>("figures");
  const notice = useQuery(siteQuery).data?.hypotheticalNotice ?? details.trust.notice;
  const quote = workbench.series?.quote ?? "";
  switch (tab) {
    case "overview":
      return shown.report ? (
        <OverviewTab shown={shown} report={shown.report} quote={quote} />
      ) : (
        <p className="p-4 text-muted">{details.overview.waiting}</p>
      );
    case "metrics":
      return (
        <MetricsTab
          shown={shown}
          quote={quote}
          fileName={fileNameOf(workbench)}
          view={view}
          onView={setView}
          selected={selected}
          onTrade={onTrade}
          onDrawdown={({ startAt, troughAt, recoveredAt }) =>
            onStretch({ from: startAt, to: recoveredAt ?? troughAt })
          }
        />
      );
    case "costs":
      return <CostsTab workbench={workbench} shown={shown} quote={quote} />;
    case "trust":
      return <TrustTab workbench={workbench} shown={shown} notice={notice} onStretch={onStretch} />;
  }
}
