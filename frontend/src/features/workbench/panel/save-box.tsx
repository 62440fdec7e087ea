import { lazy, Suspense } from "react";
import { Button } from "../../../ui/button.tsx";
import { shortHash } from "../../../ui/facts.tsx";
import { duration } from "../../../ui/format.ts";
import type { Shown } from "../result/shown.ts";
import { texts } from "../texts.ts";
import type { Saving } from "../use-save.ts";

// There is nothing to tell before the button was pressed.
const SaveState = lazy(() =>
  import("./save-state.tsx").then((module) => ({ default: module.SaveState })),
);

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
        {isTelling(saving) && (
          <Suspense>
            <SaveState saving={saving} />
          </Suspense>
        )}
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

const isTelling = ({ isBusy, error, backtest }: Saving) =>
  isBusy || error !== null || backtest !== null;

/** Times of a few milliseconds with one decimal: they are what a slider costs. */
const elapsed = (ms: number) => (ms < 10 ? `${ms.toFixed(1)} ms` : duration(ms));
