import { Skeleton } from "../../../ui/feedback.tsx";
import type { Explained } from "../use-explanation.ts";
import { details } from "./texts.ts";

type NotExplainedProps = Readonly<{
  explained: Explained;
  /** Why it cannot be told, where it cannot. */
  reason: string | undefined;
}>;

/** Stands where further runs have not told yet, or cannot tell. */
export function NotExplained({ explained: { problem }, reason }: NotExplainedProps) {
  const why = problem?.detail ?? reason;
  if (why !== undefined) return <p className="text-muted">{why}</p>;
  return (
    <div role="status" aria-busy="true" className="grid gap-2">
      <p className="text-muted">{details.explaining}</p>
      <Skeleton className="h-24" />
    </div>
  );
}
