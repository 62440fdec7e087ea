import { cx } from "./cx.ts";
import type { Column } from "./table.tsx";

type PlainTableProps<Row> = Readonly<{
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  className?: string;
}>;

/** A short table that is drawn whole; the first column names its row, and wide ones scroll sideways. */
export function PlainTable<Row>({ label, columns, rows, rowKey, className }: PlainTableProps<Row>) {
  const cell = ({ align }: Column<Row>) =>
    cx(
      "px-2 whitespace-nowrap first:pl-0 last:pr-0",
      align === "right" ? "text-right" : "text-left",
    );
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys.
      tabIndex={0}
      className={cx("relative overflow-x-auto -outline-offset-2", className)}
    >
      <table className="w-full border-collapse text-sm">
        <caption className="sr-only">{label}</caption>
        <thead>
          <tr className="h-6 text-xs text-muted">
            {columns.map((column) => (
              <th key={column.id} scope="col" className={cx(cell(column), "font-medium")}>
                {column.header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)} className="h-7 border-t border-line hover:bg-hover">
              {columns.map((column, at) =>
                at === 0 ? (
                  <th key={column.id} scope="row" className={cx(cell(column), "font-normal")}>
                    {column.cell(row)}
                  </th>
                ) : (
                  <td key={column.id} className={cell(column)}>
                    {column.cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
