import type { QueueView } from "@trading/contracts/admin";
import { Button } from "../ui/button.tsx";
import { EmptyState, Skeleton } from "../ui/feedback.tsx";
import { count } from "../ui/format.ts";
import { Page, Section } from "../ui/page.tsx";
import { ProblemView } from "../ui/problem-view.tsx";
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
      {data?.items.map((queue) => (
        <QueueSection key={queue.name} queue={queue} begin={begin} />
      ))}
      {dialog}
    </Page>
  );
}

function QueueSection({ queue, begin }: { queue: QueueView; begin: (deed: Deed) => void }) {
  const figures = [
    [t.waiting, queue.waiting],
    [t.active, queue.active],
    [t.delayed, queue.delayed],
    [t.dead, queue.dead],
  ] as const;
  return (
    <Section
      title={queue.name}
      className="pb-2"
      tools={
        <span className="text-sm text-muted">
          {t.counted} <TimeText at={queue.at} precision="second" />
        </span>
      }
    >
      <dl className="flex flex-wrap gap-x-6 gap-y-1 px-4 pb-1 max-sm:px-3">
        {figures.map(([label, value]) => (
          <div key={label} className="flex gap-2">
            <dt className="text-muted">{label}</dt>
            <dd className={label === t.dead && value > 0 ? "text-amber" : ""}>{count(value)}</dd>
          </div>
        ))}
      </dl>
      <ul>
        {queue.deadJobs.map((job) => (
          <li key={job.id} className="flex flex-wrap items-center gap-x-3 px-4 py-1 max-sm:px-3">
            <span className="font-medium">{job.name}</span>
            <span className="min-w-0 flex-1 break-words text-muted">{job.reason}</span>
            <TimeText at={job.at} />
            <OperatorsOnly>
              <Button
                small
                onClick={() =>
                  begin({
                    ...{ title: t.retry, about: t.retryAbout(job.name), action: t.retry },
                    ...{ done: t.retried, method: "POST" },
                    path: `/admin/queues/${queue.name}/dead-jobs/${encodeURIComponent(job.id)}/retry`,
                  })
                }
              >
                {t.retry}
              </Button>
            </OperatorsOnly>
          </li>
        ))}
      </ul>
    </Section>
  );
}
