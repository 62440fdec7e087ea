import { ArrowDown, ArrowUp } from "lucide-react";
import { type CSSProperties, type ReactNode, useEffect, useRef } from "react";
import { cx } from "./cx.ts";
import { Skeleton } from "./feedback.tsx";
import { useIsPhone, useIsTouch } from "./media.ts";
import { useActiveRow } from "./use-active-row.ts";
import { useRowWindow } from "./window-of-rows.ts";

/** One column of a table; `width` is a CSS grid track such as "96px" or "minmax(160px,2fr)". */
export type Column<Row> = Readonly<{
  id: string;
  header: string;
  /** What a column is called whose header shows nothing. */
  name?: string;
  cell: (row: Row) => ReactNode;
  width?: string;
  align?: "left" | "right";
  /** The name the sort has in the query; leave out where sorting is not offered. */
  sort?: string;
  /** False for the column that says what the row is. */
  hidable?: boolean;
}>;

export type Sort = Readonly<{ by: string; order: "asc" | "desc" }>;

type TableProps<Row> = Readonly<{
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[] | undefined;
  rowKey: (row: Row) => string;
  /** The row on a phone: two lines. */
  phoneRow: (row: Row) => ReactNode;
  empty: ReactNode;
  sort?: Sort;
  onSort?: (sort: Sort) => void;
  onOpen?: (row: Row) => void;
  /** The key of the row whose side panel is open. */
  selected?: string | undefined;
  hidden?: readonly string[];
  /** Called when the end comes near, to load the next page. */
  onEnd?: (() => void) | undefined;
  /** Whether j and k work without the focus being in the table; for the main table of a page. */
  primary?: boolean;
  className?: string;
}>;

const headHeight = 28;

/**
 * A table that draws only the rows in sight. The head stays, j/k and arrows move, Enter opens a row (a side panel,
 * usually). While `rows` is undefined skeletons stand in their place, so nothing jumps.
 */
export function DataTable<Row>(props: TableProps<Row>) {
  const { label, rows, empty, onEnd, className } = props;
  const isPhone = useIsPhone();
  const touch = useIsTouch();
  const scroller = useRef<HTMLDivElement>(null);
  const columns = props.columns.filter(
    (column) => column.hidable === false || !(props.hidden ?? []).includes(column.id),
  );
  const rowHeight = isPhone ? 56 : touch ? 44 : 28;
  const total = rows?.length ?? 0;
  const [shown, show] = useRowWindow(scroller, rowHeight, total, isPhone ? 0 : headHeight);
  const [active, move] = useActiveRow(props, scroller, show);
  useEffect(() => {
    if (rows !== undefined && rows.length > 0 && shown.last >= rows.length) onEnd?.();
  }, [shown.last, rows, onEnd]);
  const style = {
    gridTemplateColumns: columns.map((column) => column.width ?? "minmax(96px,1fr)").join(" "),
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: only rows in sight exist, which a table element does not allow.
    <div
      ref={scroller}
      role="grid"
      aria-label={label}
      aria-rowcount={rows?.length ?? -1}
      aria-busy={rows === undefined}
      tabIndex={0}
      onKeyDown={move}
      className={cx("min-h-0 overflow-auto text-sm -outline-offset-2 contain-content", className)}
    >
      <div className={cx("relative", !isPhone && "w-full min-w-min")}>
        {!isPhone && (
          <HeadRow columns={columns} style={style} sort={props.sort} onSort={props.onSort} />
        )}
        {rows === undefined && <LoadingRows height={rowHeight} />}
        {rows?.length === 0 && empty}
        <div className="relative" style={{ height: total * rowHeight }}>
          {rows?.slice(shown.first, shown.last).map((row, at) => {
            const index = shown.first + at;
            const key = props.rowKey(row);
            return (
              <BodyRow
                key={key}
                row={row}
                columns={isPhone ? null : columns}
                phoneRow={props.phoneRow}
                index={index}
                isActive={index === active}
                isSelected={key === props.selected}
                onOpen={props.onOpen}
                style={{
                  ...(isPhone ? {} : style),
                  height: rowHeight,
                  transform: `translateY(${index * rowHeight}px)`,
                }}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}

type BodyRowProps<Row> = Readonly<{
  row: Row;
  /** Null on a phone. */
  columns: readonly Column<Row>[] | null;
  phoneRow: (row: Row) => ReactNode;
  index: number;
  isActive: boolean;
  isSelected: boolean;
  onOpen: ((row: Row) => void) | undefined;
  style: CSSProperties;
}>;

function BodyRow<Row>({
  row,
  columns,
  phoneRow,
  index,
  isActive,
  isSelected,
  onOpen,
  style,
}: BodyRowProps<Row>) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid handles keys for its rows.
    // biome-ignore lint/a11y/useSemanticElements: see the grid.
    <div
      role="row"
      tabIndex={-1}
      aria-rowindex={index + 1}
      aria-selected={isSelected}
      onClick={(event) => opensRow(event) && onOpen?.(row)}
      style={style}
      className={cx(
        "absolute inset-x-0 top-0 border-b border-line contain-strict",
        columns === null ? "block px-3" : "grid items-center px-1",
        onOpen !== undefined && "cursor-pointer hover:bg-hover",
        isSelected && "bg-accent-soft",
        isActive && "shadow-[inset_2px_0_var(--accent)]",
      )}
    >
      {columns === null ? (
        // biome-ignore lint/a11y/useSemanticElements: see the grid.
        <div role="gridcell" tabIndex={-1} className="h-full">
          {phoneRow(row)}
        </div>
      ) : (
        columns.map((column) => <Cell key={column.id} column={column} row={row} />)
      )}
    </div>
  );
}

/** Links, buttons and selected text inside a row keep their own meaning. */
function opensRow(event: React.MouseEvent): boolean {
  const target = event.target as HTMLElement;
  return (
    target.closest("a,button,input,select,label") === null && (getSelection()?.isCollapsed ?? true)
  );
}

function Cell<Row>({ column, row }: { column: Column<Row>; row: Row }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: see the grid.
    <div
      role="gridcell"
      tabIndex={-1}
      onPointerEnter={tellWhole}
      className={cx("truncate px-2", column.align === "right" && "text-right")}
    >
      {column.cell(row)}
    </div>
  );
}

/** What does not fit can be read by hovering. */
function tellWhole({ currentTarget: cell }: React.PointerEvent<HTMLElement>): void {
  cell.title = cell.scrollWidth > cell.clientWidth ? (cell.textContent ?? "") : "";
}

type HeadProps<Row> = Readonly<{
  columns: readonly Column<Row>[];
  style: CSSProperties;
  sort: Sort | undefined;
  onSort: ((sort: Sort) => void) | undefined;
}>;

function HeadRow<Row>({ columns, style, sort, onSort }: HeadProps<Row>) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: see the grid.
    // biome-ignore lint/a11y/useFocusableInteractive: the buttons inside take the focus.
    <div
      role="row"
      style={style}
      className="sticky top-0 z-10 grid h-7 items-center border-b border-line bg-ground px-1 text-xs font-medium text-muted"
    >
      {columns.map((column) => {
        const { sort: by } = column;
        const sorted = by !== undefined && sort?.by === by ? sort.order : undefined;
        const face = (
          <>
            <HeadWords column={column} />
            {sorted !== undefined && <SortArrow order={sorted} />}
          </>
        );
        const box = cx(
          "flex min-w-0 items-center gap-1 px-2",
          column.align === "right" && "justify-end",
        );
        return (
          // biome-ignore lint/a11y/useSemanticElements: see the grid.
          // biome-ignore lint/a11y/useFocusableInteractive: the button inside takes the focus.
          <div
            key={column.id}
            role="columnheader"
            aria-sort={
              sorted === undefined ? undefined : sorted === "asc" ? "ascending" : "descending"
            }
            className="min-w-0"
          >
            {by === undefined || onSort === undefined ? (
              <span className={box}>{face}</span>
            ) : (
              <button
                type="button"
                className={cx(
                  box,
                  "w-full rounded hover:text-text",
                  sorted !== undefined && "text-text",
                )}
                onClick={() => onSort({ by, order: sorted === "desc" ? "asc" : "desc" })}
              >
                {face}
              </button>
            )}
          </div>
        );
      })}
    </div>
  );
}

const HeadWords = ({ column }: { column: Pick<Column<never>, "name" | "header"> }) => (
  <span className={column.name === undefined ? "truncate" : "sr-only"}>
    {column.name ?? column.header}
  </span>
);

function SortArrow({ order }: Pick<Sort, "order">) {
  const Arrow = order === "asc" ? ArrowUp : ArrowDown;
  return <Arrow size={11} className="shrink-0" />;
}

const LoadingRows = ({ height }: { height: number }) => (
  <div aria-hidden="true">
    {Array.from({ length: 8 }, (_, index) => index).map((index) => (
      <div
        key={index}
        style={{ height }}
        className="flex items-center gap-6 border-b border-line px-3"
      >
        <Skeleton className="h-3 w-1/4" />
        <Skeleton className="h-3 w-1/6" />
        <Skeleton className="ml-auto h-3 w-1/5" />
      </div>
    ))}
  </div>
);
