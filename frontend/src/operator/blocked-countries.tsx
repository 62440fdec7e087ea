import { useState } from "react";
import { Combobox } from "../ui/combobox.tsx";
import { countries, countryName } from "../ui/country.tsx";
import { Field } from "../ui/field.tsx";
import { texts } from "./texts.ts";

const t = texts.settings;

type BlockedCountriesProps = Readonly<{
  blocked: readonly string[];
  onChange: (blocked: string[]) => void;
}>;

/** The countries where the site is not offered: one is added by its name and taken away again by a press. */
export function BlockedCountries({ blocked, onChange }: BlockedCountriesProps) {
  const [search, setSearch] = useState("");
  const wanted = search.trim().toLowerCase();
  const found = countries
    .filter(({ value, label }) => !blocked.includes(value) && label.toLowerCase().includes(wanted))
    .slice(0, 60)
    .map((one) => ({ ...one, note: one.value }));
  return (
    <Field label={t.blocked} help={t.blockedHelp}>
      {(ids) => (
        <>
          {blocked.length > 0 && (
            <ul className="flex flex-wrap gap-1">
              {blocked.map((code) => (
                <li key={code}>
                  <button
                    type="button"
                    aria-label={t.unblock(countryName(code))}
                    onClick={() => onChange(blocked.filter((one) => one !== code))}
                    className="flex items-center gap-1 rounded border border-line px-1.5 text-sm hover:border-muted/60 pointer-coarse:h-11"
                  >
                    {countryName(code)} <span aria-hidden="true">×</span>
                  </button>
                </li>
              ))}
            </ul>
          )}
          <Combobox
            {...ids}
            value=""
            placeholder={t.addCountry}
            search={search}
            onSearch={setSearch}
            options={found}
            note={found.length === 0 ? t.noCountry : undefined}
            onChoose={({ value }) => onChange([...blocked, value].sort())}
          />
        </>
      )}
    </Field>
  );
}
