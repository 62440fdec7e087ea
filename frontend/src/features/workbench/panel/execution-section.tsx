import type { RunSettings } from "@trading/contracts/backtests";
import { lazy, Suspense, useState } from "react";
import { Skeleton } from "../../../ui/feedback.tsx";
import { changedExecution } from "../../../ui/run-settings.ts";
import { ChangedDot } from "../../../ui/slider.tsx";
import { texts } from "../texts.ts";

// Closed at first: it comes when somebody opens it.
const ExecutionForm = lazy(() =>
  import("./execution-form.tsx").then((module) => ({ default: module.ExecutionForm })),
);

type ExecutionProps = Readonly<{
  settings: RunSettings;
  /** Whether the series has finer candles than those set. */
  hasDetail: boolean;
  onChange: (settings: RunSettings) => void;
}>;

/** How orders meet candles and what is traded: closed, with what differs from usual marked. */
export function ExecutionSection({ settings, hasDetail, onChange }: ExecutionProps) {
  const [isOpen, setOpen] = useState(false);
  const changed = changedExecution(settings);
  return (
    <details
      open={isOpen}
      onToggle={(event) => setOpen(event.currentTarget.open)}
      className="shrink-0 border-b border-line px-3.5 last:border-b-0"
    >
      <summary className="-mx-3.5 flex min-h-9 cursor-pointer items-center gap-2 px-3.5 text-sm font-semibold -outline-offset-2 hover:bg-hover pointer-coarse:min-h-11">
        <span className="mr-auto">{texts.panel.execution}</span>
        {changed > 0 && (
          <span className="flex items-center gap-1.5 font-normal text-muted">
            <ChangedDot />
            {texts.panel.changed(changed)}
          </span>
        )}
        <span aria-hidden="true" className={isOpen ? "rotate-90 text-muted" : "text-muted"}>
          ›
        </span>
      </summary>
      {isOpen && (
        <Suspense fallback={<Skeleton className="mb-3 h-40" />}>
          <ExecutionForm
            settings={settings}
            hasDetail={hasDetail}
            onChange={onChange}
            changed={changed}
          />
        </Suspense>
      )}
    </details>
  );
}
