import type { QueueView } from "@trading/contracts/admin";
import { Button } from "../ui/button.tsx";
import { cx } from "../ui/cx.ts";
import { EmptyState, Skeleton } from "../ui/feedback.tsx";
import { count } from "../ui/format.ts";
import { Page, Section } from "../ui/page.tsx";
import { PlainTable } from "../ui/plain-table.tsx";
import { ProblemView } from "../ui/problem-view.tsx";
import type { Column } from "../ui/table.tsx";
import { TimeText } from "../ui/time.tsx";
import { OperatorsOnly } from "./operators-only.tsx";
import { type Deed, useDeed } from "./reason-dialog.tsx";
import { texts } from "./texts.ts";
import { useAdmin } from "./use-operator.ts";

const t = texts.queues;

/** How full the queues are, and the jobs that failed as often as they may. */
export function QueuesPage() {
  const { data, error, refetch } = useAdmin("queueList", "/queues");
  const [begin, dialog] = useDeed();
  return (
    <Page title={texts.pages.queues}>
      {error !== null && (
        <ProblemView error={error} onRetry={() => void refetch()} className="m-4" />
      )}
      {data === undefined && error === null && <Skeleton className="m-4 h-40" />}
      {data?.items.length === 0 && <EmptyState>{t.none}</EmptyState>}
      {data !== undefined && data.outboxWaiting > 0 && (
        <p className="border-b border-line px-4 py-2 text-amber max-sm:px-3">
          {t.outbox(count(data.outboxWaiting))}
        </p>
      )}
      {data !== undefined && data.items.length > 0 && (
        <>
          <Depths queues={data.items} />
          <DeadJobs queues={data.items} begin={begin} />
        </>
      )}
      {dialog}
    </Page>
  );
}

type QueuesProps = Readonly<{ queues: readonly QueueView[] }>;

const Depths = ({ queues }: QueuesProps) => (
  <div className="border-b border-line px-4 py-2 max-sm:px-3">
    <PlainTable
      label={texts.pages.queues}
      columns={columns}
      rows={queues}
      rowKey={({ name }) => name}
      className="max-w-160"
    />
    <p className="pt-1 text-xs text-muted">
      {t.counted} <TimeText at={oldest(queues)} precision="second" />
    </p>
  </div>
);

/** All are counted together; where one was not, its count is the one to doubt. */
const oldest = (queues: readonly QueueView[]): string | null =>
  queues.flatMap(({ at }) => at ?? []).toSorted()[0] ?? null;

const depth = (id: "waiting" | "active" | "delayed" | "dead"): Column<QueueView> => ({
  ...{ id, header: t[id], align: "right" },
  cell: (queue) => (
    <span className={cx(id === "dead" && queue.dead > 0 && "text-amber")}>{count(queue[id])}</span>
  ),
});
const columns: readonly Column<QueueView>[] = [
  {
    ...{ id: "name", header: t.queue },
    cell: ({ name }) => <span className="font-medium">{name}</span>,
  },
  ...(["waiting", "active", "delayed", "dead"] as const).map(depth),
];

const DeadJobs = ({ queues, begin }: QueuesProps & { begin: (deed: Deed) => void }) => (
  <Section title={t.deadJobs} className="pb-2">
    {queues.every(({ deadJobs }) => deadJobs.length === 0) && (
      <p className="px-4 pb-1 text-muted max-sm:px-3">{t.noDeadJob}</p>
    )}
    <ul>
      {queues.flatMap(({ name: queue, deadJobs }) =>
        deadJobs.map((job) => (
          <li
            key={`${queue}/${job.id}`}
            className="grid items-center gap-x-4 gap-y-0.5 border-t border-line px-4 py-1.5 max-sm:px-3 sm:grid-cols-[280px_1fr_auto]"
          >
            <span className="min-w-0">
              <span className="font-medium">{job.name}</span>
              <br />
              <span className="text-sm text-muted">
                {queue} · {t.attempts(job.attempts, count(job.attempts))} · <TimeText at={job.at} />
              </span>
            </span>
            <span className="min-w-0 wrap-anywhere text-muted">{job.reason}</span>
            <OperatorsOnly>
              <Button small className="justify-self-start" onClick={() => begin(retry(queue, job))}>
                {t.retry}
              </Button>
            </OperatorsOnly>
          </li>
        )),
      )}
    </ul>
  </Section>
);

const retry = (queue: string, { id, name }: QueueView["deadJobs"][number]): Deed => ({
  ...{ title: t.retry, about: t.retryAbout(name), action: t.retry },
  ...{ done: t.retried, method: "POST" },
  path: `/admin/queues/${queue}/dead-jobs/${encodeURIComponent(id)}/retry`,
});
