import { useSyncExternalStore } from "react";

/** Whether a media query holds now. */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (changed) => {
      const list = matchMedia(query);
      list.addEventListener("change", changed);
      return () => list.removeEventListener("change", changed);
    },
    () => matchMedia(query).matches,
  );
}

/** A phone: one column, two-line rows, tabs at the bottom. */
export const useIsPhone = (): boolean => useMedia("(max-width: 600px)");
/** Fingers instead of a pointer: rows of 44 px. */
export const useIsTouch = (): boolean => useMedia("(pointer: coarse)");
