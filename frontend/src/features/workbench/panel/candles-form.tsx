import type { Series } from "@trading/contracts/market-data";
import type { Timeframe } from "@trading/contracts/timeframes";
import { useState } from "react";
import { Button, LineButton } from "../../../ui/button.tsx";
import { Combobox } from "../../../ui/combobox.tsx";
import { exchangeName } from "../../../ui/exchange-text.tsx";
import { Field, inputClass, Select } from "../../../ui/field.tsx";
import { count } from "../../../ui/format.ts";
import { isInverted, type WorkbenchState } from "../state.ts";
import { texts } from "../texts.ts";

type CandlesFormProps = Readonly<{
  state: WorkbenchState;
  series: readonly Series[];
  onSeries: (series: Series) => void;
  onChange: (change: Partial<WorkbenchState>) => void;
  onAnotherMarket: () => void;
}>;

/** Which candles: a stored series, its timeframe and the range of days. */
export function CandlesForm({
  state,
  series,
  onSeries,
  onChange,
  onAnotherMarket,
}: CandlesFormProps) {
  const [search, setSearch] = useState("");
  const chosen = series.find((one) => one.id === state.seriesId);
  const matching = series.filter((one) =>
    seriesName(one).toLowerCase().includes(search.trim().toLowerCase()),
  );
  const isWhole = state.from === null && state.to === null;
  return (
    <>
      <div className="grid grid-cols-[minmax(0,1fr)_72px] gap-2">
        <Field
          label={texts.panel.market}
          aside={<LineButton onClick={onAnotherMarket}>{texts.panel.anotherMarket}</LineButton>}
        >
          {(ids) => (
            <Combobox
              {...ids}
              value={chosen ? seriesName(chosen) : ""}
              search={search}
              onSearch={setSearch}
              options={matching.map((one) => ({
                value: one.id,
                label: seriesName(one),
                note: `${one.timeframe} · ${count(one.rows)}`,
              }))}
              {...(matching.length === 0 && { note: texts.panel.noMarket })}
              onChoose={({ value }) => {
                const next = series.find((one) => one.id === value);
                if (next) onSeries(next);
              }}
            />
          )}
        </Field>
        <Field label={texts.panel.timeframe}>
          {(ids) => (
            <Select
              {...ids}
              value={state.timeframe}
              options={(chosen?.timeframes ?? [state.timeframe]).map((one) => ({
                value: one,
                label: one,
              }))}
              onChange={(timeframe: Timeframe) => onChange({ timeframe })}
            />
          )}
        </Field>
      </div>
      <div className="grid grid-cols-2 gap-2">
        <DayField
          label={texts.panel.from}
          value={state.from}
          fallback={chosen?.first ?? null}
          onChange={(from) => onChange({ from })}
        />
        <DayField
          label={texts.panel.to}
          value={state.to}
          fallback={chosen?.last ?? null}
          error={isInverted(state) ? texts.states.endsBefore : undefined}
          onChange={(to) => onChange({ to })}
        />
      </div>
      {!isWhole && (
        <Button
          look="quiet"
          small
          className="-my-1.5 -ml-3 justify-self-start"
          onClick={() => onChange({ from: null, to: null })}
        >
          {texts.panel.wholeRange}
        </Button>
      )}
    </>
  );
}

type DayProps = Readonly<{
  label: string;
  value: string | null;
  /** Shown while nothing is chosen: where the candles begin or end. */
  fallback: string | null;
  error?: string | undefined;
  onChange: (instant: string | null) => void;
}>;

function DayField({ label, value, fallback, error, onChange }: DayProps) {
  return (
    <Field label={label} error={error}>
      {(ids) => (
        <input
          {...ids}
          type="date"
          className={`${inputClass} px-1 text-sm ${value === null ? "text-muted" : ""}`}
          value={(value ?? fallback ?? "").slice(0, 10)}
          onChange={(event) => onChange(dayInstant(event.target.value))}
        />
      )}
    </Field>
  );
}

/** Midnight UTC of a day as the browser writes it; null for an empty or impossible day. */
function dayInstant(day: string): string | null {
  const ms = Date.parse(`${day}T00:00:00.000Z`);
  return Number.isFinite(ms) ? new Date(ms).toISOString() : null;
}

/** How a series is called in lists: its symbol, and where it comes from. */
export function seriesName(
  series: Pick<Series, "symbol" | "exchange" | "source" | "title">,
): string {
  if (series.source === "exchange")
    return `${series.symbol} · ${exchangeName(series.exchange) ?? ""}`;
  return series.title.includes(series.symbol) ? series.title : `${series.symbol} · ${series.title}`;
}
