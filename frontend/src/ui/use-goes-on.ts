import { type RefObject, useEffect, useState } from "react";

/** Whether what scrolls goes on at the right of what is in sight. */
export function useGoesOn(scroller: RefObject<HTMLElement | null>, isWanted: boolean): boolean {
  const [goesOn, setGoesOn] = useState(false);
  useEffect(() => {
    const box = scroller.current;
    if (box === null || !isWanted) return setGoesOn(false);
    const look = () => setGoesOn(box.scrollWidth > box.clientWidth + box.scrollLeft + 1);
    box.addEventListener("scroll", look, { passive: true });
    const resized = new ResizeObserver(look);
    for (const one of [box, box.firstElementChild]) if (one) resized.observe(one);
    return () => {
      box.removeEventListener("scroll", look);
      resized.disconnect();
    };
  }, [scroller, isWanted]);
  return goesOn;
}
