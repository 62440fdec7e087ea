import { useMutation } from "@tanstack/react-query";
import {
  type CheckKind,
  checkMoments,
  checkPromises,
  findingSentence,
  type StrategyCheck,
} from "@trading/engine";
import { CheckCircle2, ScanSearch, TriangleAlert, XCircle } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Button } from "../../../ui/button.tsx";
import { Part } from "../../../ui/facts.tsx";
import { count, instantText } from "../../../ui/format.ts";
import { Segmented } from "../../../ui/segmented.tsx";
import { checkInWorker } from "../run/explain.ts";
import type { Workbench } from "../use-workbench.ts";
import { details } from "./texts.ts";

const momentChoices = [`${checkMoments.usual}`, "50", "200"] as const;
type Moments = (typeof momentChoices)[number];

/**
 * Tells whether the strategy looks ahead, decides by chance or depends on its start, by runs over changed candles.
 * What is found belongs to one result: another one takes another of these.
 */
export function CheckPart({ workbench }: { workbench: Workbench }) {
  const t = details.trust;
  const { set, script, state, isStale } = workbench;
  const { parameters, settings } = state;
  const [moments, setMoments] = useState<Moments>(momentChoices[0]);
  const running = useRef<AbortController | null>(null);
  const run = useMutation({
    mutationFn: async () => {
      if (!set || !script) return null;
      running.current = new AbortController();
      const wish = { parameters, settings };
      return checkInWorker({ set, script, wish }, Number(moments), running.current.signal);
    },
  });
  useEffect(() => () => running.current?.abort(), []);
  const choose = (value: Moments) => {
    running.current?.abort();
    run.reset();
    setMoments(value);
  };
  const found = run.data;
  return (
    <Part title={t.checkTitle}>
      <p className="mb-2 text-muted">{t.checkHelp}</p>
      <div className="flex flex-wrap items-center gap-2">
        <Segmented
          label={t.moments}
          value={moments}
          options={momentChoices.map((value) => ({ value, label: t.momentsOf(value) }))}
          onChange={choose}
        />
        <Button
          small
          icon={<ScanSearch size={14} />}
          busy={run.isPending}
          disabled={!set || !script || isStale}
          onClick={() => run.mutate()}
        >
          {t.check}
        </Button>
      </div>
      <div role="status" className="mt-2 empty:hidden">
        {found && ("detail" in found ? found.detail : <Found check={found} />)}
      </div>
    </Part>
  );
}

const kinds = Object.keys(checkPromises) as CheckKind[];

function Found({ check: { findings, runs, decisions, candles } }: { check: StrategyCheck }) {
  const t = details.trust;
  if (decisions === 0) return <p>{t.nothingDecided}</p>;
  const made = kinds.filter((kind) => runs[kind] > 0);
  return (
    <>
      <ul className="grid gap-1">
        {made.map((kind) => {
          const finding = findings.find((one) => one.kind === kind);
          const severity = finding?.severity ?? "none";
          const [Icon, colour] = marks[severity];
          return (
            <li key={kind} className="flex gap-2">
              <Icon size={16} aria-label={t.checked[severity]} className={`shrink-0 ${colour}`} />
              <span>
                {checkPromises[kind]} <span className="text-muted">({count(runs[kind])})</span>
                {finding && (
                  <span className="block text-muted">
                    {findingSentence(finding, `${instantText(finding.at, "UTC")} UTC`)}
                  </span>
                )}
              </span>
            </li>
          );
        })}
      </ul>
      <p className="mt-1 text-xs text-muted">{t.checkedOver(count(decisions), count(candles))}</p>
    </>
  );
}

const marks = {
  none: [CheckCircle2, "text-up"],
  warning: [TriangleAlert, "text-amber"],
  failure: [XCircle, "text-down"],
} as const;
