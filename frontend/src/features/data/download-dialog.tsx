import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Market } from "@trading/contracts/market-data";
import { type Timeframe, timeframeMs, timeframes } from "@trading/contracts/timeframes";
import { useDeferredValue, useState } from "react";
import { ask } from "../../api/client.ts";
import { dataTasksQuery } from "../../api/data-queries.ts";
import { exchangesQuery, marketsQuery } from "../../api/market-queries.ts";
import { useSettings } from "../../api/settings.ts";
import { Button } from "../../ui/button.tsx";
import { Combobox } from "../../ui/combobox.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { ExchangeText, isSimulated } from "../../ui/exchange-text.tsx";
import { Field, inputClass, Select } from "../../ui/field.tsx";
import { count, duration } from "../../ui/format.ts";
import { ProblemView } from "../../ui/problem-view.tsx";
import { toast } from "../../ui/toast.tsx";
import { estimate } from "./estimate.ts";
import { texts } from "./texts.ts";

const words = texts.fetching;
const day = 86_400_000;
const dateText = (ms: number) => new Date(ms).toISOString().slice(0, 10);

/** Fetches candles of any market of any exchange: choose, see what it will take, begin. */
export function DownloadDialog({ onClose }: { onClose: () => void }) {
  const [exchange, setExchange] = useState("");
  const [market, setMarket] = useState<Market | null>(null);
  const [timeframe, setTimeframe] = useState<Timeframe>("1h");
  const [from, setFrom] = useState(() => dateText(Date.now() - 365 * day));
  const [to, setTo] = useState("");
  const fromMs = Date.parse(from);
  const toMs = to === "" ? Date.now() : Date.parse(to) + day;
  const offered =
    market === null || market.timeframes.length === 0 ? timeframes : market.timeframes;
  const chosen = offered.includes(timeframe) ? timeframe : (offered[0] ?? timeframe);
  const isRange = Number.isFinite(fromMs) && toMs > fromMs;
  const download = useDownload(onClose);
  const begin = () => {
    if (market === null || !isRange) return;
    const range = {
      from: new Date(fromMs).toISOString(),
      ...(to === "" ? {} : { to: new Date(toMs).toISOString() }),
    };
    download.mutate({ exchange, symbol: market.symbol, timeframe: chosen, ...range });
  };
  const { rows, ms } = estimate(toMs - fromMs, timeframeMs[chosen]);
  return (
    <Dialog
      title={words.title}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button
            look="primary"
            disabled={market === null || !isRange}
            busy={download.isPending}
            onClick={begin}
          >
            {market === null ? words.startEmpty : words.start(market.symbol, chosen)}
          </Button>
        </>
      }
    >
      <div className="grid min-h-74 content-start gap-4">
        <ExchangeField
          value={exchange}
          onChange={(id) => {
            setExchange(id);
            setMarket(null);
          }}
        />
        <MarketField exchange={exchange} market={market} onChange={setMarket} />
        <div className="grid gap-4 sm:grid-cols-3">
          <Field label={words.timeframe}>
            {(ids) => (
              <Select
                {...ids}
                value={chosen}
                onChange={setTimeframe}
                options={offered.map((one) => ({ value: one, label: one }))}
              />
            )}
          </Field>
          <Field label={`${words.from} (UTC)`} error={isRange ? undefined : words.range}>
            {(ids) => (
              <input
                {...ids}
                type="date"
                value={from}
                max={to === "" ? dateText(Date.now()) : to}
                onChange={(event) => setFrom(event.target.value)}
                className={inputClass}
              />
            )}
          </Field>
          <Field label={`${words.to} (UTC)`} help={to === "" ? words.now : undefined}>
            {(ids) => (
              <input
                {...ids}
                type="date"
                value={to}
                min={from}
                onChange={(event) => setTo(event.target.value)}
                className={inputClass}
              />
            )}
          </Field>
        </div>
        {isRange && (
          <p className="text-sm text-muted">{words.estimate(count(rows), duration(ms))}</p>
        )}
        {download.error !== null && <ProblemView error={download.error} />}
      </div>
    </Dialog>
  );
}

function useDownload(onBegun: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: {
      exchange: string;
      symbol: string;
      timeframe: Timeframe;
      from: string;
      to?: string;
    }) => ask("dataTask", "/downloads", { method: "POST", body }),
    onSuccess: (task) => {
      toast(words.begun(task.title));
      void client.invalidateQueries({ queryKey: dataTasksQuery.queryKey });
      onBegun();
    },
  });
}

function ExchangeField({ value, onChange }: { value: string; onChange: (id: string) => void }) {
  const list = useQuery(exchangesQuery);
  const [search, setSearch] = useState("");
  const exchanges = list.data?.items ?? [];
  const wanted = search.trim().toLowerCase();
  const found = exchanges.filter((one) => `${one.name} ${one.id}`.toLowerCase().includes(wanted));
  const chosen = exchanges.find((one) => one.id === value);
  if (list.error !== null)
    return <ProblemView error={list.error} onRetry={() => void list.refetch()} />;
  return (
    <Field label={words.exchange}>
      {(ids) => (
        <Combobox
          {...ids}
          value={chosen?.name ?? ""}
          placeholder={words.exchangeHint}
          search={search}
          onSearch={setSearch}
          options={found.map((one) => ({
            value: one.id,
            label: one.name,
            note: isSimulated(one.id) ? (
              <ExchangeText exchange={one.id} />
            ) : one.markets > 0 ? (
              count(one.markets)
            ) : (
              one.id
            ),
          }))}
          note={list.data !== undefined && found.length === 0 ? words.noExchange : undefined}
          onChoose={(option) => onChange(option.value)}
        />
      )}
    </Field>
  );
}

type MarketFieldProps = Readonly<{
  exchange: string;
  market: Market | null;
  onChange: (market: Market) => void;
}>;

function MarketField({ exchange, market, onChange }: MarketFieldProps) {
  const [search, setSearch] = useState("");
  const [{ currency }] = useSettings();
  const list = useQuery(marketsQuery(exchange, useDeferredValue(search.trim()), currency));
  const items = list.data?.items ?? [];
  const kind = (one: Market) => (one.contract === "spot" ? words.spot : words.perpetual);
  const note =
    list.isFetching && items.length === 0
      ? words.reading
      : list.data !== undefined && items.length === 0
        ? words.noMarket
        : undefined;
  return (
    <>
      <Field label={words.market} help={exchange === "" ? words.first : undefined}>
        {(ids) => (
          <Combobox
            {...ids}
            disabled={exchange === ""}
            value={market?.symbol ?? ""}
            placeholder={words.marketHint}
            search={search}
            onSearch={setSearch}
            options={items.map((one) => ({
              value: one.symbol,
              label: one.symbol,
              note: one.active ? kind(one) : `${kind(one)}, ${words.inactive}`,
            }))}
            note={note}
            onChoose={(option) => {
              const found = items.find((one) => one.symbol === option.value);
              if (found !== undefined) onChange(found);
            }}
          />
        )}
      </Field>
      {list.error !== null && (
        <ProblemView error={list.error} onRetry={() => void list.refetch()} />
      )}
    </>
  );
}
