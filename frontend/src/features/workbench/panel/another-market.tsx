import { useQuery } from "@tanstack/react-query";
import type { BacktestRequest } from "@trading/contracts/backtests";
import type { Timeframe } from "@trading/contracts/timeframes";
import { useState } from "react";
import { exchangesQuery, marketsQuery } from "../../../api/market-queries.ts";
import { useSettings } from "../../../api/settings.ts";
import { Button } from "../../../ui/button.tsx";
import { Combobox } from "../../../ui/combobox.tsx";
import { Dialog } from "../../../ui/dialog.tsx";
import { ExchangeText, isSimulated } from "../../../ui/exchange-text.tsx";
import { Field, inputClass, Select } from "../../../ui/field.tsx";
import { ProblemView } from "../../../ui/problem-view.tsx";
import type { WantedMarket } from "../search.ts";
import { texts } from "../texts.ts";
import { marketTexts as t } from "./another-market-texts.ts";

type Wanted = Readonly<{ candles: BacktestRequest["candles"]; timeframe: Timeframe; from: string }>;
type AnotherMarketProps = Readonly<{
  /** What is chosen at first. */
  market: WantedMarket | null;
  timeframe: Timeframe;
  busy: boolean;
  onRun: (wanted: Wanted) => void;
  onClose: () => void;
}>;

const dayMs = 86_400_000;

/** Chooses any market of any exchange; its candles are fetched as the first step of the backtest. */
export function AnotherMarket(props: AnotherMarketProps) {
  const { market, timeframe: initial, busy, onRun, onClose } = props;
  const [exchange, setExchange] = useState(market?.exchange ?? "");
  const [symbol, setSymbol] = useState(market?.symbol ?? "");
  const [search, setSearch] = useState("");
  const [timeframe, setTimeframe] = useState(initial);
  const [from, setFrom] = useState(() =>
    new Date(Date.now() - 90 * dayMs).toISOString().slice(0, 10),
  );
  const exchanges = useQuery(exchangesQuery);
  const chosen = exchange || exchanges.data?.items.find(({ id }) => !isSimulated(id))?.id || "";
  const [{ currency }] = useSettings();
  const markets = useQuery(marketsQuery(chosen, search, currency));
  const items = markets.data?.items ?? [];
  const timeframes = items.find((one) => one.symbol === symbol)?.timeframes ?? [timeframe];
  const run = () =>
    onRun({
      candles: { kind: "market", exchange: chosen, symbol },
      timeframe: timeframes.includes(timeframe) ? timeframe : (timeframes[0] ?? timeframe),
      from: new Date(`${from}T00:00:00.000Z`).toISOString(),
    });
  const footer = (
    <>
      <Button onClick={onClose}>{t.cancel}</Button>
      <Button look="primary" disabled={symbol === "" || from === ""} busy={busy} onClick={run}>
        {symbol === "" ? t.choose : t.run(symbol)}
      </Button>
    </>
  );
  return (
    <Dialog title={t.title} onClose={onClose} footer={footer}>
      <div className="grid min-h-80 content-start gap-3">
        <p className="text-muted">{t.help}</p>
        <Field label={t.exchange} aside={isSimulated(chosen) && <ExchangeText exchange={chosen} />}>
          {(ids) => (
            <Select
              {...ids}
              value={chosen}
              options={(exchanges.data?.items ?? []).map((one) => ({
                value: one.id,
                label: one.name,
              }))}
              onChange={(next) => {
                setExchange(next);
                setSymbol("");
              }}
            />
          )}
        </Field>
        <Field label={t.search}>
          {(ids) => (
            <Combobox
              {...ids}
              value={symbol}
              placeholder={t.searchHint}
              search={search}
              onSearch={setSearch}
              options={items.map((one) => ({
                value: one.symbol,
                label: one.symbol,
                note: one.contract,
              }))}
              {...(markets.data && items.length === 0 && { note: texts.panel.noMarket })}
              onChoose={({ value }) => setSymbol(value)}
            />
          )}
        </Field>
        <div className="grid grid-cols-2 gap-3">
          <Field label={texts.panel.timeframe}>
            {(ids) => (
              <Select
                {...ids}
                value={timeframe}
                options={[...new Set([timeframe, ...timeframes])].map((one) => ({
                  value: one,
                  label: one,
                }))}
                onChange={setTimeframe}
              />
            )}
          </Field>
          <Field label={t.from}>
            {(ids) => (
              <input
                {...ids}
                type="date"
                className={inputClass}
                value={from}
                onChange={(event) => setFrom(event.target.value)}
              />
            )}
          </Field>
        </div>
        {(exchanges.isError || markets.isError) && (
          <ProblemView
            error={exchanges.error ?? markets.error}
            onRetry={() => void (exchanges.isError ? exchanges.refetch() : markets.refetch())}
          />
        )}
      </div>
    </Dialog>
  );
}
