import { Columns3, Download, Search } from "lucide-react";
import { Button } from "./button.tsx";
import { catalogue } from "./catalogue.ts";
import { cx } from "./cx.ts";
import { inputClass } from "./field.tsx";
import { Popover } from "./popover.tsx";
import type { Column } from "./table.tsx";

const texts = catalogue("table", { columns: "Columns", csv: "CSV", csvHelp: "Save as CSV" });

type ColumnsMenuProps<Row> = Readonly<{
  columns: readonly Column<Row>[];
  hidden: readonly string[];
  onHidden: (hidden: readonly string[]) => void;
}>;

/** Chooses which columns of a table are shown; not offered on phones, whose rows have no columns. */
export function ColumnsMenu<Row>({ columns, hidden, onHidden }: ColumnsMenuProps<Row>) {
  return (
    <Popover
      label={texts.columns}
      className="max-sm:hidden"
      face={
        <>
          <Columns3 size={14} />
          {texts.columns}
        </>
      }
    >
      {() =>
        columns
          .filter((column) => column.hidable !== false)
          .map((column) => (
            <label
              key={column.id}
              className="flex h-7 items-center gap-2 px-3 text-sm hover:bg-hover"
            >
              <input
                type="checkbox"
                className="accent-(--accent)"
                checked={!hidden.includes(column.id)}
                onChange={(event) =>
                  onHidden(
                    event.target.checked
                      ? hidden.filter((id) => id !== column.id)
                      : [...hidden, column.id],
                  )
                }
              />
              {column.header}
            </label>
          ))
      }
    </Popover>
  );
}

type CsvProps = Readonly<{
  /** Another label where it saves something else than the table. */
  label?: string;
  help?: string;
  onSave: () => void;
}>;

/** Saves what a table shows as CSV. */
export const CsvButton = ({ label, help = texts.csvHelp, onSave }: CsvProps) => (
  <Button look="quiet" small icon={<Download size={14} />} title={help} onClick={onSave}>
    <span className={cx(label === undefined && "max-sm:sr-only")}>{label ?? texts.csv}</span>
  </Button>
);

type SearchFieldProps = Readonly<{
  label: string;
  value: string;
  onChange: (value: string) => void;
  className?: string;
}>;

/** Narrows a list by what is typed. */
export const SearchField = ({ label, value, onChange, className }: SearchFieldProps) => (
  <span className={cx("relative inline-flex", className)}>
    <Search
      size={14}
      className="pointer-events-none absolute top-1/2 left-2 -translate-y-1/2 text-muted"
    />
    <input
      type="search"
      aria-label={label}
      placeholder={label}
      value={value}
      maxLength={60}
      onChange={(event) => onChange(event.target.value)}
      className={cx(inputClass, "h-7! pl-7 pointer-coarse:h-11!")}
    />
  </span>
);
