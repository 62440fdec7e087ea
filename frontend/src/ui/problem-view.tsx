import type { ReactNode } from "react";
import { problemOf } from "../api/problem.ts";
import { Button } from "./button.tsx";
import { catalogue } from "./catalogue.ts";
import { cx } from "./cx.ts";

const texts = catalogue("problem", { again: "Try again", more: (n: number) => `and ${n} more` });

type ProblemViewProps = Readonly<{
  error: unknown;
  onRetry?: (() => void) | undefined;
  action?: ReactNode;
  className?: string;
}>;

/** What went wrong: one sentence, one action, one code (with the request id on hover), and the fields or lines meant. */
export function ProblemView({ error, onRetry, action, className }: ProblemViewProps) {
  const problem = problemOf(error);
  // One fault alone is already told in the sentence.
  const errors = (problem.errors ?? []).filter(
    ({ message }, _, { length }) => length > 1 || !problem.detail.includes(message),
  );
  return (
    <div
      role="alert"
      className={cx("grid gap-2 border-l-2 border-down-fill bg-panel px-3 py-2", className)}
    >
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <p className="min-w-50 flex-1 break-words">{problem.detail}</p>
        {action ??
          (onRetry !== undefined && (
            <Button small onClick={onRetry}>
              {texts.again}
            </Button>
          ))}
        <code title={problem.requestId} className="font-mono text-xs text-muted">
          {problem.code}
        </code>
      </div>
      {errors.length > 0 && (
        <ul className="grid gap-0.5 text-sm">
          {errors.slice(0, 20).map((one) => (
            <li key={`${one.where}${one.message}`} className="flex gap-3">
              <span className="min-w-16 shrink-0 text-muted">{one.where}</span>
              <span className="break-words">{one.message}</span>
            </li>
          ))}
          {errors.length > 20 && <li className="text-muted">{texts.more(errors.length - 20)}</li>}
        </ul>
      )}
    </div>
  );
}
