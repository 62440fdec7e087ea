import { countryCodes } from "@trading/contracts/country-codes";
import { Field, Select } from "./field.tsx";

const names = new Intl.DisplayNames("en", { type: "region" });

/** What a country is called here. */
export const countryName = (code: string): string => names.of(code) ?? code;

/** All there are, by name. */
export const countries = countryCodes
  .map((value) => ({ value, label: countryName(value) }))
  .sort((a, b) => a.label.localeCompare(b.label, "en"));

type CountryFieldProps = Readonly<{
  label: string;
  help: string;
  choose: string;
  error?: string | undefined;
  /** Empty: none yet. */
  value: string;
  onChange: (country: string) => void;
}>;

/** A country out of all there are. */
export const CountryField = ({ choose, value, onChange, ...frame }: CountryFieldProps) => (
  <Field {...frame}>
    {(ids) => (
      <Select
        {...ids}
        required
        autoComplete="country"
        value={value}
        options={[{ value: "", label: choose }, ...countries]}
        onChange={onChange}
      />
    )}
  </Field>
);
