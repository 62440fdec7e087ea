import { type RefObject, useCallback, useLayoutEffect, useState } from "react";

/** Which rows are in sight, with some above and below so that scrolling shows no holes. */
export type RowWindow = Readonly<{ first: number; last: number }>;

const spare = 12;

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
  const [shown, setShown] = useState<RowWindow>({ first: 0, last: Math.min(count, 4 * spare) });
  useLayoutEffect(() => {
    const box = scroller.current;
    if (box === null) return;
    const look = () =>
      setShown((old) => {
        const next = windowOf(box.scrollTop, box.clientHeight, rowHeight, count);
        return old.first === next.first && old.last === next.last ? old : next;
      });
    look();
    box.addEventListener("scroll", look, { passive: true });
    const resized = new ResizeObserver(look);
    resized.observe(box);
    return () => {
      box.removeEventListener("scroll", look);
      resized.disconnect();
    };
  }, [scroller, rowHeight, count]);
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
  return [shown, show] as const;
}
