import { CheckCircle2, TriangleAlert } from "lucide-react";
import { Link } from "../../../router/router.tsx";
import { Button, LineButton } from "../../../ui/button.tsx";
import { shortHash } from "../../../ui/facts.tsx";
import { Progress } from "../../../ui/feedback.tsx";
import { duration } from "../../../ui/format.ts";
import { ProblemView } from "../../../ui/problem-view.tsx";
import type { Shown } from "../result/shown.ts";
import { texts } from "../texts.ts";
import type { Saving } from "../use-save.ts";

type SaveProps = Readonly<{
  shown: Shown | null;
  saving: Saving;
  canSave: boolean;
  onSave: () => void;
  /** Runs it on the server alone: given where it is too much for this browser. */
  onRunThere?: () => void;
}>;

/** Keeps the result on the server, which runs it again and says whether it got the same. */
export function SaveBox({ shown, saving, canSave, onSave, onRunThere }: SaveProps) {
  return (
    <>
      <p className="text-xs text-muted" aria-live="off">
        {shown && (
          <>
            {shown.origin === "browser"
              ? texts.panel.recomputed(elapsed(shown.elapsedMs))
              : texts.panel.fromServer}
            {" · "}
            <span
              title={shown.fingerprint}
              data-fingerprint={shown.fingerprint}
              data-origin={shown.origin}
            >
              {texts.panel.fingerprint(shortHash(shown.fingerprint).slice(0, 9))}
            </span>
            {" · "}
            {texts.hypothetical}
          </>
        )}
      </p>
      <div aria-live="polite" className="grid gap-2 empty:hidden">
        <SaveState saving={saving} />
      </div>
      <Button
        look="primary"
        busy={saving.isBusy}
        disabled={!canSave && !onRunThere}
        onClick={onRunThere ?? onSave}
      >
        {onRunThere ? texts.panel.runThere : texts.panel.save}
      </Button>
    </>
  );
}

/** Times of a few milliseconds with one decimal: they are what a slider costs. */
const elapsed = (ms: number) => (ms < 10 ? `${ms.toFixed(1)} ms` : duration(ms));

function SaveState({ saving: { backtest, isBusy, error, cancel } }: { saving: Saving }) {
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
