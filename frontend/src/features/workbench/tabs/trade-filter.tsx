import { Filter } from "lucide-react";
import { LineButton } from "../../../ui/button.tsx";
import { cx } from "../../../ui/cx.ts";
import { Field, Select } from "../../../ui/field.tsx";
import { count } from "../../../ui/format.ts";
import { Popover } from "../../../ui/popover.tsx";
import type { RunTrade } from "../result/shown.ts";
import type { TradeFilter } from "../search.ts";
import { texts } from "../texts.ts";
import { reasonText } from "./reason-text.ts";
import { known, type TradeList } from "./trade-list.ts";

type MenuProps = Readonly<{ trades: readonly RunTrade[]; list: TradeList }>;

/** Chooses which trades are listed; its face says how many of how many these are. */
export function TradeFilterMenu({ trades, list: { matching, filter, setFilter } }: MenuProps) {
  const t = texts.tradesTable;
  const isFiltered = Object.keys(filter).length > 0;
  const set = (change: { [Name in keyof TradeFilter]: TradeFilter[Name] | undefined }) =>
    setFilter(known({ ...filter, ...change }));
  return (
    <Popover
      label={t.filter}
      face={
        <>
          <Filter size={14} className={isFiltered ? "text-accent" : ""} />
          <span className={cx("whitespace-nowrap max-sm:sr-only", isFiltered && "text-text")}>
            {isFiltered ? t.filtered(count(matching?.length), count(trades.length)) : t.filter}
          </span>
        </>
      }
    >
      {() => (
        <div className="grid w-52 gap-2 px-3 py-1.5">
          <Choice
            label={t.result}
            value={filter.result}
            values={["won", "lost"]}
            text={(one) => t.results[one]}
            onChange={(result) => set({ result })}
          />
          <Choice
            label={t.side}
            value={filter.side}
            values={["long", "short"]}
            text={(one) => t[one]}
            onChange={(side) => set({ side })}
          />
          <Choice
            label={t.reason}
            value={filter.exit}
            values={distinct(trades.map(({ exitReason }) => exitReason))}
            text={reasonText}
            onChange={(exit) => set({ exit })}
          />
          <Choice
            label={t.market}
            value={filter.market}
            values={distinct(trades.map(({ market }) => market))}
            text={(one) => one}
            onChange={(market) => set({ market })}
          />
          {isFiltered && <LineButton onClick={() => setFilter({})}>{t.clearFilter}</LineButton>}
        </div>
      )}
    </Popover>
  );
}

const distinct = (values: readonly string[]): string[] => [...new Set(values)].toSorted();

type ChoiceProps<Value extends string> = Readonly<{
  label: string;
  value: Value | undefined;
  values: readonly Value[];
  text: (value: Value) => string;
  onChange: (value: Value | undefined) => void;
}>;

/** One of some values or any; an address may name one that there is not. Not asked where there is no choice. */
function Choice<Value extends string>({
  label,
  value,
  values,
  text,
  onChange,
}: ChoiceProps<Value>) {
  const offered = value === undefined || values.includes(value) ? values : [...values, value];
  if (offered.length < 2) return null;
  return (
    <Field label={label}>
      {(ids) => (
        <Select
          {...ids}
          className="h-7! pointer-coarse:h-11!"
          value={value ?? ""}
          options={[
            { value: "", label: texts.tradesTable.any },
            ...offered.map((one) => ({ value: one, label: text(one) })),
          ]}
          onChange={(next) => onChange(offered.find((one) => one === next))}
        />
      )}
    </Field>
  );
}
