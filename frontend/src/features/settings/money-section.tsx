import { type ReactNode, useState } from "react";
import { useSettings } from "../../api/settings.ts";
import { Combobox } from "../../ui/combobox.tsx";
import { Field, NumberField } from "../../ui/field.tsx";
import { Section } from "../../ui/page.tsx";
import { texts } from "./texts.ts";

/** What many markets are quoted in; any other code can be typed. */
const usual = ["USDT", "USDC", "USD", "EUR", "BTC", "ETH", "BNB", "GBP", "JPY", "TRY"];

/** What a user counts in, and with how much of it backtests begin. */
export function MoneySection() {
  const [{ currency, capital }, change] = useSettings();
  const [search, setSearch] = useState("");
  const wanted = search.trim().toUpperCase();
  const found = usual.filter((code) => code.includes(wanted));
  const typed = /^[A-Z0-9]{2,12}$/.test(wanted) && !usual.includes(wanted) ? [wanted] : [];
  const options = [...found, ...typed].map((code) => ({ value: code, label: code }));
  return (
    <Section title={texts.money} className="pb-3">
      <Labelled label={texts.currency}>
        <Field label={texts.currency} help={texts.currencyHelp}>
          {(ids) => (
            <Combobox
              {...ids}
              value={currency}
              search={search}
              onSearch={setSearch}
              options={options}
              note={options.length === 0 ? texts.noCurrency : undefined}
              onChoose={(option) => change({ currency: option.value })}
            />
          )}
        </Field>
      </Labelled>
      <Labelled label={texts.capital}>
        <Field label={texts.capital} help={texts.capitalHelp}>
          {(ids) => (
            <NumberField
              {...ids}
              value={capital}
              min={1}
              max={100_000_000}
              step={1_000}
              unit={currency}
              onChange={(next) => change({ capital: next })}
            />
          )}
        </Field>
      </Labelled>
    </Section>
  );
}

/** The label beside its field where there is room, above it on a phone. */
const Labelled = ({ label, children }: { label: string; children: ReactNode }) => (
  <div className="grid gap-x-4 px-4 py-1 max-sm:px-3 sm:grid-cols-[160px_minmax(0,320px)]">
    <span className="pt-1 text-muted max-sm:hidden" aria-hidden="true">
      {label}
    </span>
    <div className="sm:[&_label]:sr-only">{children}</div>
  </div>
);
