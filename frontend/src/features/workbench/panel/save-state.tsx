import { CheckCircle2, TriangleAlert } from "lucide-react";
import { Link } from "../../../router/router.tsx";
import { LineButton } from "../../../ui/button.tsx";
import { Progress } from "../../../ui/feedback.tsx";
import { ProblemView } from "../../../ui/problem-view.tsx";
import { texts } from "../texts.ts";
import type { Saving } from "../use-save.ts";

/** How saving goes, and whether the server got the same. */
export function SaveState({ saving: { backtest, isBusy, error, cancel } }: { saving: Saving }) {
  if (error) return <ProblemView error={error} />;
  if (isBusy) {
    const share = backtest?.status === "running" ? backtest.progress.share : null;
    const words = backtest?.queuePosition
      ? texts.panel.queued(backtest.queuePosition)
      : backtest?.progress.step || texts.panel.saving;
    return (
      <div className="grid gap-1 text-sm">
        <span className="flex items-center justify-between gap-2">
          {words}
          <LineButton onClick={cancel}>{texts.panel.cancel}</LineButton>
        </span>
        <Progress share={share} label={words} />
      </div>
    );
  }
  if (!backtest) return null;
  if (backtest.problem) return <Verdict good={false}>{backtest.problem.detail}</Verdict>;
  if (backtest.status !== "done") return null;
  const agrees = backtest.fingerprintAgrees !== false;
  return (
    <Verdict good={agrees}>
      {agrees ? texts.panel.agrees : texts.panel.differs}{" "}
      <Link
        to="/backtests"
        search={{ backtest: backtest.id }}
        className="whitespace-nowrap text-accent underline underline-offset-2"
      >
        {texts.panel.open}
      </Link>
    </Verdict>
  );
}

function Verdict({ good, children }: { good: boolean; children: React.ReactNode }) {
  const Icon = good ? CheckCircle2 : TriangleAlert;
  return (
    <p
      role={good ? "status" : "alert"}
      className={
        good
          ? "flex gap-2 text-sm"
          : "flex gap-2 rounded border border-danger bg-danger/15 p-2 text-sm font-medium"
      }
    >
      <Icon
        size={16}
        aria-hidden="true"
        className={good ? "shrink-0 text-up" : "shrink-0 text-down"}
      />
      <span className="min-w-0">{children}</span>
    </p>
  );
}
