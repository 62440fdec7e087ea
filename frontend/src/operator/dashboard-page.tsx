import type { Checklist, Overview } from "@trading/contracts/admin";
import { Button } from "../ui/button.tsx";
import { Chip, Skeleton } from "../ui/feedback.tsx";
import { bytes, count } from "../ui/format.ts";
import { Page, Section } from "../ui/page.tsx";
import { ProblemView } from "../ui/problem-view.tsx";
import { TimeText } from "../ui/time.tsx";
import { OperatorsOnly } from "./operators-only.tsx";
import { useDeed } from "./reason-dialog.tsx";
import { texts } from "./texts.ts";
import { useAdmin } from "./use-operator.ts";

const t = texts.dashboard;

/** How the site is doing, in figures that were counted a moment ago. */
export function DashboardPage() {
  const { data, error, refetch } = useAdmin("overview", "/overview");
  const checklist = useAdmin("checklist", "/checklist").data;
  const [begin, dialog] = useDeed();
  const isHalted = data?.isHalted ?? false;
  const halt = () =>
    begin({
      title: isHalted ? t.resume : t.halt,
      about: isHalted ? t.resumeAbout : t.haltAbout,
      action: isHalted ? t.resume : t.halt,
      done: isHalted ? t.resumed : t.halted,
      ...{ method: "PUT", path: "/admin/halt", body: { isHalted: !isHalted } },
      isDangerous: !isHalted,
    });
  return (
    <Page
      title={texts.pages.dashboard}
      tools={
        <OperatorsOnly>
          <Button small look={isHalted ? "primary" : "danger"} onClick={halt}>
            {isHalted ? t.resume : t.halt}
          </Button>
        </OperatorsOnly>
      }
    >
      {error !== null && (
        <ProblemView error={error} onRetry={() => void refetch()} className="m-4" />
      )}
      {isHalted && (
        <p role="status" className="border-b border-line bg-panel px-4 py-2 text-amber max-sm:px-3">
          {t.isHalted}
        </p>
      )}
      {data === undefined ? <Skeleton className="m-4 h-40" /> : <Figures overview={data} />}
      {checklist !== undefined && <Checks items={checklist.items} />}
      {dialog}
    </Page>
  );
}

type Cell = readonly [label: string, value: string, to: string, isAttention?: boolean];

function cellsOf(overview: Overview): readonly Cell[] {
  const { users, backtests, dataTasks, mails, series, strategies, queues } = overview;
  const dead = queues.reduce((sum, queue) => sum + queue.dead, 0);
  return [
    [t.users, count(users.total), "/users"],
    [t.activeToday, count(users.activeToday), "/users"],
    [t.newThisWeek, count(users.newThisWeek), "/users"],
    [t.suspended, count(users.suspended), "/users?state=suspended"],
    [t.closed, count(users.closed), "/users?state=closed"],
    [t.unproven, count(users.unproven), "/users?state=unproven"],
    [t.sessions, count(overview.sessions), "/users"],
    [t.queued, count(backtests.queued), "/backtests?status=queued"],
    [t.running, count(backtests.running), "/backtests?status=running"],
    [t.doneToday, count(backtests.doneToday), "/backtests?status=done"],
    [
      t.failedToday,
      count(backtests.failedToday),
      "/backtests?status=failed",
      backtests.failedToday > 0,
    ],
    [t.tasks, count(dataTasks.queued + dataTasks.running), "/exchanges"],
    [t.tasksFailed, count(dataTasks.failedToday), "/exchanges", dataTasks.failedToday > 0],
    [t.mailsQueued, count(mails.queued), "/mails?state=queued"],
    [t.mailsDead, count(mails.dead), "/mails?state=dead", mails.dead > 0],
    [t.deadJobs, count(dead), "/queues", dead > 0],
    [t.series, count(series.total), "/exchanges"],
    [t.candles, count(series.rows), "/exchanges"],
    [t.database, bytes(overview.databaseBytes), "/queues"],
    [t.strategies, count(strategies.total), "/strategies"],
    [t.refused, count(strategies.withProblem), "/strategies", strategies.withProblem > 0],
  ];
}

const Figures = ({ overview }: { overview: Overview }) => (
  <>
    <dl className="grid grid-cols-[repeat(auto-fill,minmax(140px,1fr))] overflow-hidden border-b border-line">
      {cellsOf(overview).map(([label, value, to, isAttention]) => (
        <div
          key={label}
          className="relative -mb-px grid gap-1 border-r border-b border-line px-4 py-2.5 hover:bg-hover max-sm:px-3"
        >
          <dt className="text-sm text-muted">
            <a href={`#${to}`} className="after:absolute after:inset-0">
              {label}
            </a>
          </dt>
          <dd className={isAttention === true ? "text-xl text-amber" : "text-xl"}>{value}</dd>
        </div>
      ))}
    </dl>
    <Section title={t.processes} className="pb-2">
      {!overview.processes.some(({ kind, isAlive }) => kind === "worker" && isAlive) && (
        <p className="px-4 pb-2 text-amber">{t.noWorker}</p>
      )}
      <ul>
        {overview.processes.map((one) => (
          <li
            key={one.id}
            className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-1 max-sm:px-3"
          >
            <Chip tone={one.isAlive ? "good" : "bad"}>{one.isAlive ? t.alive : t.silent}</Chip>
            <span className="w-14">{t.kinds[one.kind]}</span>
            <span>
              {one.host} · {one.processId}
            </span>
            <span className="text-muted">{one.queues.join(", ")}</span>
            <span className="text-muted">
              {t.since} <TimeText at={one.startedAt} />
            </span>
          </li>
        ))}
      </ul>
    </Section>
  </>
);

const tones = { done: "good", open: "attention", note: "plain" } as const;

const Checks = ({ items }: { items: Checklist["items"] }) => (
  <Section title={t.checklist} className="pb-4">
    <ul>
      {items.map(({ id, state, detail }) => (
        <li
          key={id}
          className="flex flex-wrap items-baseline gap-x-3 gap-y-1 px-4 py-1 max-sm:px-3"
        >
          <Chip tone={tones[state]} className="w-16">
            {t.states[state]}
          </Chip>
          <span className="w-40 shrink-0">{t.checks[id]}</span>
          <span className="min-w-0 break-words text-muted">{detail}</span>
        </li>
      ))}
    </ul>
  </Section>
);
