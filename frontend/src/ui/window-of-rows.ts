import { type RefObject, useCallback, useLayoutEffect, useMemo, useState } from "react";

/** Which rows are in sight, with some above and below so that scrolling shows no holes. */
export type RowWindow = Readonly<{ first: number; last: number }>;

const spare = 6;

/** The rows of equal height that a scrolled place shows; `last` is exclusive. */
export function windowOf(
  scrollTop: number,
  height: number,
  rowHeight: number,
  count: number,
): RowWindow {
  const first = Math.max(0, Math.floor(scrollTop / rowHeight) - spare);
  const last = Math.min(count, Math.ceil((scrollTop + height) / rowHeight) + spare);
  return { first: Math.min(first, last), last };
}

/** Follows the scrolling of `scroller`; `show` brings a row into sight below a head of `headHeight`. */
export function useRowWindow(
  scroller: RefObject<HTMLElement | null>,
  rowHeight: number,
  count: number,
  headHeight: number,
) {
  const [view, setView] = useState({ top: 0, height: 8 * spare * rowHeight });
  const { first, last } = windowOf(view.top, view.height, rowHeight, count);
  useLayoutEffect(() => {
    const box = scroller.current;
    if (box === null) return;
    // Looked at only when it moved: asking for sizes after each change of the rows would lay out the page twice.
    const look = () =>
      setView((old) => {
        const next = { top: box.scrollTop, height: box.clientHeight };
        const rows = ({ top, height }: typeof old) => windowOf(top, height, rowHeight, Infinity);
        const [before, after] = [rows(old), rows(next)];
        return before.first === after.first && before.last === after.last ? old : next;
      });
    box.addEventListener("scroll", look, { passive: true });
    const resized = new ResizeObserver(look);
    resized.observe(box);
    return () => {
      box.removeEventListener("scroll", look);
      resized.disconnect();
    };
  }, [scroller, rowHeight]);
  const show = useCallback(
    (index: number) => {
      const box = scroller.current;
      if (box === null) return;
      const top = index * rowHeight;
      const bottom = top + rowHeight + headHeight;
      if (top < box.scrollTop) box.scrollTop = top;
      else if (bottom > box.scrollTop + box.clientHeight) box.scrollTop = bottom - box.clientHeight;
    },
    [scroller, rowHeight, headHeight],
  );
  const shown = useMemo(() => ({ first, last }), [first, last]);
  return [shown, show] as const;
}
