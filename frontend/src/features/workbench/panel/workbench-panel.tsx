import type { BacktestDetail } from "@trading/contracts/backtests";
import type { Series } from "@trading/contracts/market-data";
import type { StrategyView } from "@trading/contracts/strategies";
import { lazy, Suspense, useCallback, useEffect, useRef, useState } from "react";
import { navigate } from "../../../router/router.tsx";
import type { WantedMarket } from "../search.ts";
import { requestOf, type WorkbenchState } from "../state.ts";
import { type Saving, useSave } from "../use-save.ts";
import type { Workbench } from "../use-workbench.ts";
import { SaveBox } from "./save-box.tsx";
import { SettingsPanel } from "./settings-panel.tsx";

// Behind a button: it comes after the first paint.
const AnotherMarket = lazy(() =>
  import("./another-market.tsx").then((module) => ({ default: module.AnotherMarket })),
);

type PanelProps = Readonly<{
  workbench: Workbench;
  strategies: readonly StrategyView[];
  series: readonly Series[];
  /** The market another page asks for. */
  market: WantedMarket | null;
}>;

/** Settings, and what the server does with them. */
export function WorkbenchPanel({ workbench, strategies, series, market }: PanelProps) {
  const { state, strategy, shown, problem, isStale } = workbench;
  const [isChoosing, setChoosing] = useState(market !== null);
  const chooseMarket = useCallback(() => setChoosing(true), []);
  const saving = useSave();
  const elsewhere = useSave();
  useOpenWhenDone(elsewhere.backtest);
  useForgotten(saving, state);
  const canSave = shown?.origin === "browser" && !isStale && !saving.isBusy;
  const isStored = shown?.origin === "server";
  const isTooMuch = problem?.code === "strategy-too-slow" && !isStale && !isStored;
  const wanted = requestOf(state, { version: strategy.version });
  return (
    <div className="flex h-full min-h-0 flex-col">
      <SettingsPanel
        state={state}
        strategy={strategy}
        isOlder={workbench.isOlder}
        isListed={workbench.isListed}
        wantsMarkets={workbench.isOfWallet && workbench.furtherMarkets === 0}
        onNewest={workbench.takeNewest}
        strategies={strategies}
        series={series}
        quote={workbench.series?.quote ?? ""}
        onChange={workbench.change}
        onStrategy={workbench.chooseStrategy}
        onSeries={workbench.chooseSeries}
        onAnotherMarket={chooseMarket}
      />
      <div className="grid shrink-0 gap-2 border-t border-line px-3.5 py-3">
        <SaveBox
          shown={shown}
          saving={isTelling(elsewhere) ? elsewhere : saving}
          canSave={canSave}
          onSave={() => shown && saving.save({ ...wanted, expectedFingerprint: shown.fingerprint })}
          {...(isTooMuch && { onRunThere: () => elsewhere.save(wanted) })}
        />
      </div>
      {isChoosing && (
        <Suspense>
          <AnotherMarket
            market={market}
            timeframe={state.timeframe}
            busy={elsewhere.isBusy}
            onRun={(chosen) => {
              // The range and the further markets that are set belong to the candles on the screen.
              const { from: _, to: __, ...rest } = wanted;
              elsewhere.save({ ...rest, ...chosen });
              setChoosing(false);
            }}
            onClose={() => setChoosing(false)}
          />
        </Suspense>
      )}
    </div>
  );
}

const isTelling = ({ isBusy, error, backtest }: Saving) =>
  isBusy || error !== null || (backtest !== null && backtest.problem !== null);

/** What the server said belongs to what was set then; with the next change it goes. */
function useForgotten(saving: Saving, state: WorkbenchState): void {
  const saidAbout = useRef(state);
  const { isBusy, forget } = saving;
  const differs = saving.backtest?.fingerprintAgrees === false;
  useEffect(() => {
    if (isBusy || saidAbout.current === state || differs) return;
    saidAbout.current = state;
    forget();
  }, [state, isBusy, differs, forget]);
}

/** A backtest on a market whose candles had to be fetched opens here as soon as it is done. */
function useOpenWhenDone(backtest: BacktestDetail | null): void {
  const id = backtest?.status === "done" ? backtest.id : null;
  useEffect(() => {
    if (id !== null) navigate({ to: "/workbench", search: { backtest: id } });
  }, [id]);
}
