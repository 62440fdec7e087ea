import { LineButton } from "../../../ui/button.tsx";
import { Field, Select } from "../../../ui/field.tsx";
import type { RunTrade } from "../result/shown.ts";
import type { TradeFilter } from "../search.ts";
import { texts } from "../texts.ts";
import { reasonText } from "./reason-text.ts";
import { known } from "./trade-list.ts";
import { tradeTexts } from "./trade-texts.ts";

type FormProps = Readonly<{
  trades: readonly RunTrade[];
  filter: TradeFilter;
  onFilter: (filter: TradeFilter) => void;
}>;

/** What trades can be told apart by; not asked where all are alike. */
export function TradeFilterForm({ trades, filter, onFilter }: FormProps) {
  const t = texts.tradesTable;
  const set = (change: { [Name in keyof TradeFilter]: TradeFilter[Name] | undefined }) =>
    onFilter(known({ ...filter, ...change }));
  return (
    <div className="grid w-52 gap-2 px-3 py-1.5">
      <Choice
        label={tradeTexts.result}
        value={filter.result}
        values={["won", "lost"]}
        text={(one) => tradeTexts.results[one]}
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
      {Object.keys(filter).length > 0 && (
        <LineButton onClick={() => onFilter({})}>{t.clearFilter}</LineButton>
      )}
    </div>
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
            { value: "", label: tradeTexts.any },
            ...offered.map((one) => ({ value: one, label: text(one) })),
          ]}
          onChange={(next) => onChange(offered.find((one) => one === next))}
        />
      )}
    </Field>
  );
}
