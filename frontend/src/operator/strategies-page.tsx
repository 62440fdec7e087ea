import type { StrategyUse } from "@trading/contracts/admin";
import { Chip, EmptyState, Skeleton } from "../ui/feedback.tsx";
import { count } from "../ui/format.ts";
import { Page, Section } from "../ui/page.tsx";
import { ProblemView } from "../ui/problem-view.tsx";
import { TimeText } from "../ui/time.tsx";
import { texts } from "./texts.ts";
import { useAdmin } from "./use-operator.ts";

const t = texts.strategies;

/** Strategies, their versions and who runs which. */
export function StrategiesPage() {
  const { data, error, refetch } = useAdmin("strategyUseList", "/strategies");
  return (
    <Page title={texts.pages.strategies}>
      {error !== null && (
        <ProblemView error={error} onRetry={() => void refetch()} className="m-4" />
      )}
      {data === undefined && error === null && <Skeleton className="m-4 h-40" />}
      {data?.items.length === 0 && <EmptyState>{t.none}</EmptyState>}
      {data?.items.map((one) => (
        <StrategySection key={one.name} strategy={one} />
      ))}
    </Page>
  );
}

const StrategySection = ({ strategy }: { strategy: StrategyUse }) => (
  <Section
    title={strategy.title}
    className="pb-2"
    tools={
      <span className="flex flex-wrap items-center gap-2 text-sm text-muted">
        {strategy.isShipped && t.shipped}
        {strategy.file === null ? (
          <Chip tone="attention">{t.gone}</Chip>
        ) : (
          <Chip tone={strategy.problem === null ? "good" : "bad"}>
            {strategy.problem === null ? t.usable : t.refused}
          </Chip>
        )}
      </span>
    }
  >
    {strategy.problem !== null && (
      <p className="px-4 pb-1 text-down max-sm:px-3">{strategy.problem}</p>
    )}
    <ul>
      {strategy.versions.map((one) => (
        <li
          key={one.version}
          className="grid gap-x-4 px-4 py-0.5 max-sm:px-3 sm:grid-cols-[110px_150px_110px_1fr]"
        >
          <code className="font-mono text-sm">{one.version.slice(0, 12)}</code>
          <TimeText at={one.createdAt} />
          <span className="text-muted">{t.runs(one.backtests, count(one.backtests))}</span>
          <span className="flex flex-wrap gap-x-3">
            {one.users.map(({ id, name, backtests }) => (
              <a key={id} href={`#/users?user=${id}`} className="text-accent pointer-coarse:py-3">
                {name} ({count(backtests)})
              </a>
            ))}
          </span>
        </li>
      ))}
    </ul>
  </Section>
);
