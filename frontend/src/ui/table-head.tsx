import { ArrowDown, ArrowUp } from "lucide-react";
import type { CSSProperties } from "react";
import { cx } from "./cx.ts";

/** What the head says of a column; `width` is a CSS grid track such as "96px" or "minmax(160px,2fr)". */
export type HeadColumn = Readonly<{
  id: string;
  header: string;
  /** What a column is called whose header shows nothing. */
  name?: string;
  width?: string;
  align?: "left" | "right";
  /** The name the sort has in the query; leave out where sorting is not offered. */
  sort?: string;
  /** Stays at the left while the others scroll; for the first columns, whose `width` is in px. */
  pinned?: boolean;
}>;

export type HeadSort = Readonly<{ by: string; order: "asc" | "desc" }>;

type HeadProps = Readonly<{
  columns: readonly HeadColumn[];
  pins: Pins;
  style: CSSProperties;
  sort: HeadSort | undefined;
  onSort: ((sort: HeadSort) => void) | undefined;
}>;

/** The names of columns; those that sort are buttons. */
export function HeadRow({ columns, pins, style, sort, onSort }: HeadProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: the rows below are no table element's, because only those in sight exist.
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
          "flex min-w-0 items-center gap-1 px-(--pad)",
          column.align === "right" && "justify-end",
        );
        return (
          // biome-ignore lint/a11y/useSemanticElements: the rows below are no table element's, because only those in sight exist.
          // biome-ignore lint/a11y/useFocusableInteractive: the button inside takes the focus.
          <div
            key={column.id}
            role="columnheader"
            aria-sort={
              sorted === undefined ? undefined : sorted === "asc" ? "ascending" : "descending"
            }
            style={{ left: pins.get(column.id) }}
            className={cx("min-w-0", pins.has(column.id) && "pinned")}
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

/** How far from the left the pinned columns stay, by their ids. */
export type Pins = ReadonlyMap<string, number>;

export function pinsOf(columns: readonly HeadColumn[]): Pins {
  let left = 0;
  return new Map(
    columns
      .filter(({ pinned }) => pinned)
      .map(({ id, width = "0" }) => {
        const at = left;
        left += Number.parseFloat(width);
        return [id, at];
      }),
  );
}

const HeadWords = ({ column }: { column: Pick<HeadColumn, "name" | "header"> }) => (
  <span className={column.name === undefined ? "truncate" : "sr-only"}>
    {column.name ?? column.header}
  </span>
);

function SortArrow({ order }: Pick<HeadSort, "order">) {
  const Arrow = order === "asc" ? ArrowUp : ArrowDown;
  return <Arrow size={11} className="shrink-0" />;
}
