import { useQuery } from "@tanstack/react-query";
import { Code, Download, SlidersHorizontal, Upload } from "lucide-react";
import { comparisonsQuery, siteQuery } from "../../api/queries.ts";
import { Link } from "../../router/router.tsx";
import { Page, Section } from "../../ui/page.tsx";
import { TimeText } from "../../ui/time.tsx";
import { DataOverview } from "./data-overview.tsx";
import { RecentBacktests } from "./recent-backtests.tsx";
import { texts } from "./texts.ts";

/** Where things stand: what was tried lately, on which data, and what one could do next. */
export function HomePage() {
  const site = useQuery(siteQuery).data;
  return (
    <Page title={texts.title}>
      <div className="grid xl:min-h-full xl:grid-cols-[minmax(0,1fr)_360px]">
        <div className="min-w-0">
          <RecentBacktests />
          <Comparisons />
        </div>
        <div className="min-w-0 border-line max-xl:border-t xl:border-l">
          <DataOverview />
          <NextSteps />
          <p className="px-4 py-3 text-xs text-muted max-sm:px-3">{site?.hypotheticalNotice}</p>
        </div>
      </div>
    </Page>
  );
}

function Comparisons() {
  const items = useQuery(comparisonsQuery).data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <Section title={texts.comparisons}>
      {items.slice(0, 6).map((one) => (
        <Link
          key={one.id}
          to="/compare"
          search={{ ids: one.backtestIds.join(",") }}
          className="flex min-h-8 items-center gap-3 border-t border-line px-4 -outline-offset-2 hover:bg-hover max-sm:px-3 pointer-coarse:min-h-11"
        >
          <span className="truncate font-medium">{one.title}</span>
          <span className="text-sm whitespace-nowrap text-muted">
            {texts.compared(one.backtestIds.length)}
          </span>
          <span className="ml-auto text-sm text-muted">
            <TimeText at={one.createdAt} precision="day" />
          </span>
        </Link>
      ))}
    </Section>
  );
}

const stepClass =
  "grid min-h-11 grid-cols-[20px_1fr] items-center gap-x-3 border-t border-line px-4 py-2 -outline-offset-2 hover:bg-hover max-sm:px-3";

const NextSteps = () => (
  <Section title={texts.next}>
    <Link to="/workbench" className={stepClass}>
      <SlidersHorizontal size={16} strokeWidth={1.6} aria-hidden="true" className="text-muted" />
      <StepText {...texts.steps.slide} />
    </Link>
    <Link to="/data" search={{ add: "upload" }} className={stepClass}>
      <Upload size={16} strokeWidth={1.6} aria-hidden="true" className="text-muted" />
      <StepText {...texts.steps.bring} />
    </Link>
    <Link to="/data" search={{ add: "download" }} className={stepClass}>
      <Download size={16} strokeWidth={1.6} aria-hidden="true" className="text-muted" />
      <StepText {...texts.steps.fetch} />
    </Link>
    <Link to="/strategies" className={stepClass}>
      <Code size={16} strokeWidth={1.6} aria-hidden="true" className="text-muted" />
      <StepText {...texts.steps.read} />
    </Link>
  </Section>
);

const StepText = ({ title, text }: { title: string; text: string }) => (
  <span>
    <span className="block font-medium">{title}</span>
    <span className="block text-sm text-muted">{text}</span>
  </span>
);
