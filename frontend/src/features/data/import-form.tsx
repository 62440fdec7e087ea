import type { ImportOptions } from "@trading/contracts/market-data";
import { type Timeframe, timeframes } from "@trading/contracts/timeframes";
import { Field, Select, TextField } from "../../ui/field.tsx";
import { Segmented } from "../../ui/segmented.tsx";
import { texts } from "./texts.ts";

const words = texts.importing;

/** What the user says about a file before it is sent. */
export type ImportWanted = Readonly<{
  symbol: string;
  timeframe: Timeframe | "auto";
  badLines: ImportOptions["badLines"];
}>;

type ImportFormProps = Readonly<{ wanted: ImportWanted; onChange: (wanted: ImportWanted) => void }>;

export const ImportForm = ({ wanted, onChange }: ImportFormProps) => (
  <div className="grid gap-4">
    <div className="grid gap-4 sm:grid-cols-2">
      <TextField
        label={words.symbol}
        help={words.symbolHelp}
        value={wanted.symbol}
        maxLength={40}
        required
        autoCapitalize="characters"
        spellCheck={false}
        onChange={(symbol) => onChange({ ...wanted, symbol })}
      />
      <Field label={words.timeframe}>
        {(ids) => (
          <Select
            {...ids}
            value={wanted.timeframe}
            onChange={(timeframe) => onChange({ ...wanted, timeframe })}
            options={[
              { value: "auto" as const, label: words.auto },
              ...timeframes.map((one) => ({ value: one, label: one })),
            ]}
          />
        )}
      </Field>
    </div>
    <div className="grid gap-1">
      <div className="flex flex-wrap items-center gap-3">
        <span className="text-sm text-muted">{words.badLines}</span>
        <Segmented
          label={words.badLines}
          value={wanted.badLines}
          onChange={(badLines) => onChange({ ...wanted, badLines })}
          options={[
            { value: "refuse", label: words.refuse },
            { value: "skip", label: words.skip },
          ]}
        />
      </div>
      <p className="text-xs text-muted">
        {wanted.badLines === "refuse" ? words.refuseHelp : words.skipHelp} {words.private}
      </p>
    </div>
  </div>
);
