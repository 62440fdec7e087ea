import type { OtherSeries } from "@trading/contracts/backtests";
import type { Series } from "@trading/contracts/market-data";
import { X } from "lucide-react";
import { useState } from "react";
import { IconButton } from "../../../ui/button.tsx";
import { Combobox } from "../../../ui/combobox.tsx";
import { Field, Select } from "../../../ui/field.tsx";
import { count } from "../../../ui/format.ts";
import type { WorkbenchState } from "../state.ts";
import { seriesName } from "./candles-form.tsx";
import { marketsTexts as t } from "./markets-texts.ts";
import { WalletLimitsForm } from "./wallet-limits-form.tsx";

/** As the server allows. */
const othersMax = 19;

type FormProps = Readonly<{
  state: WorkbenchState;
  series: readonly Series[];
  onChange: (change: Partial<WorkbenchState>) => void;
}>;

/** The further markets of the wallet and its limits; each change runs at once. */
export function MarketsForm({ state, series, onChange }: FormProps) {
  const { others = [], settings } = state;
  const quote = series.find(({ id }) => id === state.seriesId)?.quote ?? "";
  const set = (next: readonly OtherSeries[]) => onChange({ others: [...next] });
  return (
    <div className="grid gap-2.5 pb-3">
      <p className="text-sm text-muted">{t.help(quote)}</p>
      {others.map((other, place) => (
        <MarketLine
          key={other.seriesId}
          other={other}
          state={state}
          series={series.find(({ id }) => id === other.seriesId)}
          onChange={(next) => set(others.with(place, next))}
          onRemove={() => set(others.toSpliced(place, 1))}
        />
      ))}
      {others.length < othersMax ? (
        <AddMarket state={state} series={series} onAdd={(next) => set([...others, next])} />
      ) : (
        <p className="text-sm text-muted">{t.full(othersMax + 1)}</p>
      )}
      <WalletLimitsForm settings={settings} onChange={(next) => onChange({ settings: next })} />
    </div>
  );
}

type LineProps = Readonly<{
  other: OtherSeries;
  state: WorkbenchState;
  /** Undefined where it was deleted. */
  series: Series | undefined;
  onChange: (other: OtherSeries) => void;
  onRemove: () => void;
}>;

function MarketLine({ other, state, series, onChange, onRemove }: LineProps) {
  const name = series ? seriesName(series) : t.gone;
  const { timeframe: _, ...rest } = other;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_72px_auto] items-center gap-2">
      <span className="truncate text-sm" title={name}>
        {name}
      </span>
      <Select
        aria-label={t.timeframeOf(name)}
        value={other.timeframe ?? state.timeframe}
        options={(series?.timeframes ?? [state.timeframe]).map((one) => ({
          value: one,
          label: one,
        }))}
        onChange={(timeframe) =>
          onChange(timeframe === state.timeframe ? rest : { ...rest, timeframe })
        }
      />
      <IconButton small label={t.remove(name)} onClick={onRemove}>
        <X size={13} />
      </IconButton>
    </div>
  );
}

type AddProps = Readonly<{
  state: WorkbenchState;
  series: readonly Series[];
  onAdd: (other: OtherSeries) => void;
}>;

/** Offers what can still share the wallet: the same quote currency, and a market that is not there yet. */
function AddMarket({ state, series, onAdd }: AddProps) {
  const [search, setSearch] = useState("");
  const taken = [state.seriesId, ...(state.others ?? []).map(({ seriesId }) => seriesId)];
  const find = (id: string) => series.find((one) => one.id === id);
  const symbols = taken.map((id) => find(id)?.symbol);
  const quote = find(state.seriesId)?.quote;
  const matching = series.filter(
    (one) =>
      one.quote === quote &&
      !symbols.includes(one.symbol) &&
      seriesName(one).toLowerCase().includes(search.trim().toLowerCase()),
  );
  return (
    <Field label={t.add}>
      {(ids) => (
        <Combobox
          {...ids}
          value=""
          search={search}
          onSearch={setSearch}
          options={matching.map((one) => ({
            value: one.id,
            label: seriesName(one),
            note: `${one.timeframe} · ${count(one.rows)}`,
          }))}
          {...(matching.length === 0 && { note: t.none })}
          onChoose={({ value }) => onAdd({ kind: "series", seriesId: value })}
        />
      )}
    </Field>
  );
}
