import type { Checklist, Overview } from "@trading/contracts/admin";
import { Button } from "../ui/button.tsx";
import { cx } from "../ui/cx.ts";
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
type Group = Readonly<{ title: string; cells: readonly Cell[] }>;

function groupsOf(overview: Overview): readonly Group[] {
  const { users, backtests, dataTasks, mails, series, strategies, queues } = overview;
  const dead = queues.reduce((sum, queue) => sum + queue.dead, 0);
  const failed = backtests.failedToday;
  const people: readonly Cell[] = [
    [t.users, count(users.total), "/users"],
    [t.activeToday, count(users.activeToday), "/users?sort=usedAt"],
    [t.newThisWeek, count(users.newThisWeek), "/users"],
    [t.sessions, count(overview.sessions), "/users"],
    [t.unproven, count(users.unproven), "/users?state=unproven"],
    [t.suspended, count(users.suspended), "/users?state=suspended"],
    [t.closed, count(users.closed), "/users?state=closed"],
  ];
  const work: readonly Cell[] = [
    [t.queued, count(backtests.queued), "/backtests?status=queued"],
    [t.running, count(backtests.running), "/backtests?status=running"],
    [t.doneToday, count(backtests.doneToday), "/backtests?status=done"],
    [t.failedToday, count(failed), "/backtests?status=failed", failed > 0],
    [t.tasks, count(dataTasks.queued + dataTasks.running), "/queues"],
    [t.tasksFailed, count(dataTasks.failedToday), "/exchanges", dataTasks.failedToday > 0],
    [t.deadJobs, count(dead), "/queues", dead > 0],
    [t.mailsQueued, count(mails.queued), "/mails?state=queued"],
    [t.mailsDead, count(mails.dead), "/mails?state=dead", mails.dead > 0],
  ];
  const content: readonly Cell[] = [
    [t.strategies, count(strategies.total), "/strategies"],
    [t.refused, count(strategies.withProblem), "/strategies", strategies.withProblem > 0],
    [t.series, count(series.total), "/exchanges"],
    [t.candles, count(series.rows), "/exchanges"],
    [t.database, bytes(overview.databaseBytes), "/queues"],
  ];
  return [
    { title: t.people, cells: people },
    { title: t.work, cells: work },
    { title: t.content, cells: content },
  ];
}

const Figures = ({ overview }: { overview: Overview }) => (
  <>
    {groupsOf(overview).map(({ title, cells }) => (
      <Section key={title} title={title} className="pb-1.5">
        <dl className="grid grid-cols-[repeat(auto-fill,minmax(108px,1fr))] px-2 max-sm:px-1 xl:grid-cols-9">
          {cells.map(([label, value, to, isAttention]) => (
            <div key={label} className="relative grid rounded px-2 py-1 hover:bg-hover">
              <dt className="text-sm text-muted">
                <a href={`#${to}`} className="after:absolute after:inset-0">
                  {label}
                </a>
              </dt>
              <dd className={cx("text-lg", isAttention === true && "text-amber")}>{value}</dd>
            </div>
          ))}
        </dl>
      </Section>
    ))}
    <Processes processes={overview.processes} />
  </>
);

const Processes = ({ processes }: Pick<Overview, "processes">) => (
  <Section title={t.processes} className="pb-2">
    {!processes.some(({ kind, isAlive }) => kind === "worker" && isAlive) && (
      <p className="px-4 pb-2 text-amber max-sm:px-3">{t.noWorker}</p>
    )}
    <ul>
      {processes.map((one) => (
        <li
          key={one.id}
          className="grid grid-cols-[64px_1fr] items-center gap-x-4 gap-y-0.5 px-4 py-1 max-sm:px-3 sm:grid-cols-[64px_56px_minmax(160px,1fr)_minmax(160px,1fr)_220px]"
        >
          <Chip tone={one.isAlive ? "good" : "bad"} className="justify-self-start">
            {one.isAlive ? t.alive : t.silent}
          </Chip>
          <span>{t.kinds[one.kind]}</span>
          <span className="min-w-0 break-words max-sm:col-start-2">
            {one.host} · {one.processId}
          </span>
          <span className="min-w-0 text-muted max-sm:col-start-2 max-sm:empty:hidden">
            {one.queues.join(", ")}
          </span>
          <span className="text-muted max-sm:col-start-2">
            {one.isAlive ? t.since : t.lastHeard}{" "}
            <TimeText at={one.isAlive ? one.startedAt : one.heartbeatAt} />
          </span>
        </li>
      ))}
    </ul>
  </Section>
);

const tones = { done: "good", open: "attention", note: "plain" } as const;
/** Where what is left to do can be done. */
const places: Readonly<Partial<Record<Checklist["items"][number]["id"], string>>> = {
  mail: "#/mails",
  exchange: "../#/markets",
  legal: "#/notices",
  registration: "#/settings",
  factor: "../#/settings/security",
};

const Checks = ({ items }: { items: Checklist["items"] }) => (
  <Section title={t.checklist} className="pb-4">
    <ul>
      {items.map(({ id, state, detail }) => (
        <li
          key={id}
          className="grid grid-cols-[64px_1fr] items-center gap-x-4 gap-y-0.5 px-4 py-1 max-sm:px-3 sm:grid-cols-[64px_160px_1fr]"
        >
          <Chip tone={tones[state]} className="justify-self-start">
            {t.states[state]}
          </Chip>
          {places[id] === undefined ? (
            <span>{t.checks[id]}</span>
          ) : (
            <a href={places[id]} className="text-accent pointer-coarse:py-2">
              {t.checks[id]}
            </a>
          )}
          <span className="min-w-0 break-words text-muted max-sm:col-start-2">
            {id === "registration" ? wordsFor(detail) : detail}
          </span>
        </li>
      ))}
    </ul>
  </Section>
);

const wordsFor = (registration: string): string =>
  Object.entries(texts.settings.registrations).find(([value]) => value === registration)?.[1] ??
  registration;
