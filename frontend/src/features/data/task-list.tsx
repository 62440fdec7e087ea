import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { DataTask } from "@trading/contracts/market-data";
import { X } from "lucide-react";
import { useState } from "react";
import { ask } from "../../api/client.ts";
import { dataTasksQuery } from "../../api/data-queries.ts";
import { problemOf } from "../../api/problem.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { Progress } from "../../ui/feedback.tsx";
import { count, duration, percent } from "../../ui/format.ts";
import { toast } from "../../ui/toast.tsx";
import { texts } from "./texts.ts";

const recentMs = 15 * 60_000;
const words = texts.tasks;

/** Imports and downloads under way, and what failed or ended a moment ago. */
export function TaskList({ onOpen }: { onOpen: (series: string) => void }) {
  const tasks = useQuery(dataTasksQuery).data?.items ?? [];
  const [dismissed, setDismissed] = useState<readonly string[]>([]);
  const shown = tasks
    .filter((task) => isWorthSeeing(task) && !dismissed.includes(task.id))
    .slice(0, 5);
  if (shown.length === 0) return null;
  return (
    <section
      aria-label={words.title}
      className="max-h-[40%] shrink-0 overflow-auto border-b border-line bg-panel"
    >
      {shown.map((task) => (
        <TaskRow
          key={task.id}
          task={task}
          onOpen={onOpen}
          onDismiss={() => setDismissed([...dismissed, task.id])}
        />
      ))}
    </section>
  );
}

const isActive = ({ status }: DataTask) => status === "queued" || status === "running";

function isWorthSeeing(task: DataTask): boolean {
  if (isActive(task)) return true;
  const endedAt = task.finishedAt === null ? 0 : Date.parse(task.finishedAt);
  return task.status !== "cancelled" && Date.now() - endedAt < recentMs;
}

type TaskRowProps = Readonly<{
  task: DataTask;
  onOpen: (series: string) => void;
  onDismiss: () => void;
}>;

function TaskRow({ task, onOpen, onDismiss }: TaskRowProps) {
  const { seriesId } = task;
  return (
    <div className="flex min-h-9 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-4 py-1 text-sm last:border-b-0 max-sm:px-3">
      <span className="font-medium max-sm:flex-1">{task.title}</span>
      {isActive(task) ? <Underway task={task} /> : <Outcome task={task} />}
      {task.status === "done" && seriesId !== null && (
        <Button small look="quiet" onClick={() => onOpen(seriesId)}>
          {words.open}
        </Button>
      )}
      {!isActive(task) && (
        <IconButton label={words.dismiss} onClick={onDismiss}>
          <X size={14} />
        </IconButton>
      )}
    </div>
  );
}

function Underway({ task }: { task: DataTask }) {
  const client = useQueryClient();
  const cancel = useMutation({
    mutationFn: () => ask("nothing", `/data-tasks/${task.id}/cancel`, { method: "POST" }),
    onError: (error) => toast(problemOf(error).detail, { tone: "bad" }),
    onSettled: () => client.invalidateQueries({ queryKey: dataTasksQuery.queryKey }),
  });
  const { progress } = task;
  return (
    <>
      <Progress
        share={task.status === "queued" ? null : progress.share}
        label={task.title}
        className="min-w-24 flex-1 max-sm:basis-1/2"
      />
      <span className="w-10 text-right">
        {task.status === "queued" ? words.queued : percent(progress.share, { decimals: 0 })}
      </span>
      <span className="text-muted">
        {progress.step}
        {progress.remainingMs !== null && ` · ${words.left(duration(progress.remainingMs))}`}
      </span>
      <Button small busy={cancel.isPending} onClick={() => cancel.mutate()}>
        {cancel.isPending ? words.cancelling : words.cancel}
      </Button>
    </>
  );
}

function Outcome({ task }: { task: DataTask }) {
  if (task.problem === null)
    return <span className="flex-1 text-muted">{words.rows(count(task.rows))}</span>;
  return (
    <span
      role="alert"
      className="flex min-w-0 flex-1 flex-wrap items-baseline gap-x-3 max-sm:order-last max-sm:basis-full"
    >
      <span className="text-down">{task.problem.detail}</span>
      <code className="font-mono text-xs text-muted">{task.problem.code}</code>
    </span>
  );
}
