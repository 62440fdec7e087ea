import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import { ask } from "../../api/client.ts";
import { problemOf } from "../../api/problem.ts";
import { comparisonsQuery } from "../../api/queries.ts";
import { Link } from "../../router/router.tsx";
import { Button, IconButton } from "../../ui/button.tsx";
import { cx } from "../../ui/cx.ts";
import { inputClass } from "../../ui/field.tsx";
import { Section } from "../../ui/page.tsx";
import { ProblemView } from "../../ui/problem-view.tsx";
import { TimeText } from "../../ui/time.tsx";
import { toast } from "../../ui/toast.tsx";
import { texts } from "./texts.ts";

const failed = (error: unknown) => toast(problemOf(error).detail, { tone: "bad" });

/** Keeps the comparison on the screen under a name. */
export function SaveComparison({
  ids,
  suggestion,
}: {
  ids: readonly string[];
  suggestion: string;
}) {
  const client = useQueryClient();
  const [title, setTitle] = useState(suggestion);
  const save = useMutation({
    mutationFn: () =>
      ask("savedComparison", "/comparisons", {
        method: "POST",
        body: { title: title.trim(), backtestIds: ids },
      }),
    onSuccess: (saved) => {
      toast(texts.savedAs(saved.title));
      return client.invalidateQueries({ queryKey: comparisonsQuery.queryKey });
    },
    onError: failed,
  });
  return (
    <form
      className="flex items-center gap-2 max-sm:w-full"
      onSubmit={(event) => {
        event.preventDefault();
        if (title.trim() !== "") save.mutate();
      }}
    >
      <input
        aria-label={texts.name}
        value={title}
        maxLength={120}
        onChange={(event) => setTitle(event.target.value)}
        className={cx(inputClass, "h-7 w-64 max-sm:flex-1")}
      />
      <Button
        type="submit"
        small
        look="primary"
        busy={save.isPending}
        disabled={title.trim() === ""}
      >
        {texts.save}
      </Button>
    </form>
  );
}

/** The comparisons that were kept, to open or delete. */
export function SavedComparisons({ current }: { current: readonly string[] }) {
  const client = useQueryClient();
  const list = useQuery(comparisonsQuery);
  const remove = useMutation({
    mutationFn: (id: string) => ask("nothing", `/comparisons/${id}`, { method: "DELETE" }),
    onSuccess: () => {
      toast(texts.removed);
      return client.invalidateQueries({ queryKey: comparisonsQuery.queryKey });
    },
    onError: failed,
  });
  const now = current.join(",");
  return (
    <Section title={texts.saved}>
      {list.isError && (
        <ProblemView error={list.error} onRetry={() => void list.refetch()} className="mx-4 mb-3" />
      )}
      {list.data?.items.length === 0 && (
        <p className="px-4 pb-3 text-sm text-muted">{texts.noneSaved}</p>
      )}
      <ul className="text-sm">
        {list.data?.items.map(({ id, title, backtestIds, createdAt }) => (
          <li
            key={id}
            className="flex h-8 items-center gap-3 border-t border-line px-4 pointer-coarse:h-11"
          >
            <Link
              to="/compare"
              search={{ ids: backtestIds.join(",") }}
              aria-current={backtestIds.join(",") === now ? "page" : undefined}
              className="min-w-0 flex-1 truncate hover:underline aria-[current=page]:font-semibold"
            >
              {title}
            </Link>
            <span className="text-muted">{backtestIds.length}</span>
            <span className="text-muted max-sm:hidden">
              <TimeText at={createdAt} />
            </span>
            <IconButton
              label={texts.remove(title)}
              disabled={remove.isPending}
              onClick={() => remove.mutate(id)}
            >
              <Trash2 size={14} />
            </IconButton>
          </li>
        ))}
      </ul>
    </Section>
  );
}
