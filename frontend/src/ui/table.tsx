import { type CSSProperties, type ReactNode, useEffect, useRef } from "react";
import { cx } from "./cx.ts";
import { Skeleton } from "./feedback.tsx";
import { useIsPhone, useIsTouch } from "./media.ts";
import { type HeadColumn, HeadRow, type HeadSort, type Pins, pinsOf } from "./table-head.tsx";
import { useActiveRow } from "./use-active-row.ts";
import { useGoesOn } from "./use-goes-on.ts";
import { useRowWindow } from "./window-of-rows.ts";

/** One column of a table. */
export type Column<Row> = HeadColumn &
  Readonly<{
    cell: (row: Row) => ReactNode;
    /** False for the column that says what the row is. */
    hidable?: boolean;
  }>;

export type Sort = HeadSort;

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
  /** Less room between many columns. */
  dense?: boolean;
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
  const goesOn = useGoesOn(scroller, !isPhone);
  const pins = pinsOf(columns);
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
      className={cx(
        "min-h-0 overflow-auto text-sm -outline-offset-2 contain-content",
        goesOn && "goes-on",
        props.dense ? "[--pad:6px]" : "[--pad:8px]",
        className,
      )}
    >
      <div className={cx("relative", !isPhone && "w-full min-w-min")}>
        {!isPhone && (
          <HeadRow
            columns={columns}
            pins={pins}
            style={style}
            sort={props.sort}
            onSort={props.onSort}
          />
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
                pins={pins}
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
  pins: Pins;
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
  pins,
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
        "group absolute inset-x-0 top-0 border-b border-line contain-strict",
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
        columns.map((column) => (
          <Cell key={column.id} column={column} row={row} pin={pins.get(column.id)} />
        ))
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

type CellProps<Row> = Readonly<{ column: Column<Row>; row: Row; pin: number | undefined }>;

function Cell<Row>({ column, row, pin }: CellProps<Row>) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: see the grid.
    <div
      role="gridcell"
      tabIndex={-1}
      onPointerEnter={tellWhole}
      style={{ left: pin }}
      className={cx(
        "truncate px-(--pad)",
        column.align === "right" && "text-right",
        pin !== undefined && "pinned",
      )}
    >
      {column.cell(row)}
    </div>
  );
}

/** What does not fit can be read by hovering. */
function tellWhole({ currentTarget: cell }: React.PointerEvent<HTMLElement>): void {
  cell.title = cell.scrollWidth > cell.clientWidth ? (cell.textContent ?? "") : "";
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
