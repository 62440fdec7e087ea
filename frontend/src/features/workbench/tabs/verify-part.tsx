import { useMutation } from "@tanstack/react-query";
import { judgeResult, type KeptReceipt } from "@trading/engine";
import { CheckCircle2, ShieldCheck, TriangleAlert } from "lucide-react";
import { useEffect } from "react";
import { Button } from "../../../ui/button.tsx";
import { Part } from "../../../ui/facts.tsx";
import type { Shown } from "../result/shown.ts";
import { runAfresh } from "../run/verify.ts";
import type { Workbench } from "../use-workbench.ts";
import { details } from "./texts.ts";

type VerifyProps = Readonly<{ workbench: Workbench; shown: Shown }>;

/** Runs the backtest again from scratch and holds its fingerprint against the one on the screen or in the store. */
export function VerifyPart({ workbench, shown }: VerifyProps) {
  const t = details.trust;
  const { set, script, state, stored, isStale } = workbench;
  const { parameters, settings } = state;
  const before = receiptOf(workbench, shown);
  const run = useMutation({
    mutationFn: async () => {
      if (!set || !script) return null;
      const now = await runAfresh({ set, script, wish: { parameters, settings } });
      if ("detail" in now) return { isGood: false, words: now.detail };
      // What this browser has just computed nobody has altered; a stored result tells figures of its own.
      const told = stored?.result ?? now;
      const made = { receipt: now.report.receipt, told: now };
      const { verdict, sentence } = judgeResult({ receipt: before, told }, made);
      return { isGood: verdict === "same", words: sentence };
    },
  });
  const { reset } = run;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was said belongs to what was set then.
  useEffect(reset, [before.fingerprint, set, script]);
  const verdict = run.data;
  const Icon = verdict?.isGood ? CheckCircle2 : TriangleAlert;
  return (
    <Part title={t.verifyTitle}>
      <p className="mb-2 text-muted">{stored ? t.verifyStored : t.verifyShown}</p>
      <Button
        small
        icon={<ShieldCheck size={14} />}
        busy={run.isPending}
        disabled={!set || !script || isStale}
        onClick={() => run.mutate()}
      >
        {t.verify}
      </Button>
      <p role="status" className="mt-2 flex gap-2 empty:hidden">
        {verdict && (
          <>
            <Icon
              size={16}
              aria-hidden="true"
              className={verdict.isGood ? "shrink-0 text-up" : "shrink-0 text-amber"}
            />
            {verdict.words}
          </>
        )}
      </p>
    </Part>
  );
}

/** What to hold a fresh run against: the stored result where one is open, else the one on the screen. */
function receiptOf({ stored, strategy }: Workbench, shown: Shown): KeptReceipt {
  const result = stored?.result ?? null;
  const { fingerprint, engineVersion, report } = result ?? shown;
  return {
    fingerprint,
    engineVersion,
    strategyVersion: stored?.version ?? strategy.version,
    inputs: report?.receipt.inputs ?? null,
    dataRevision: report?.receipt.dataRevision ?? result?.data.revision ?? shown.data.revision,
  };
}
