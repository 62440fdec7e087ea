import { createContext, type ReactNode, useContext } from "react";
import { createPortal } from "react-dom";

/** The place in the top bar that belongs to the page; the frame sets it. */
export const TopBarSlot = createContext<HTMLElement | null>(null);

/** Draws its children in the top bar, beside the mode: the workbench's market and timeframe, for example. */
export function InTopBar({ children }: { children: ReactNode }) {
  const place = useContext(TopBarSlot);
  return place === null ? null : createPortal(children, place);
}
