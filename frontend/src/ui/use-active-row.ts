import { useEffect, useRef, useState } from "react";

const steps: Readonly<Record<string, number>> = {
  j: 1,
  ArrowDown: 1,
  k: -1,
  ArrowUp: -1,
  PageDown: 12,
  PageUp: -12,
  Home: -Infinity,
  End: Infinity,
};

type KeyLike = Pick<
  KeyboardEvent,
  "key" | "ctrlKey" | "metaKey" | "altKey" | "target" | "preventDefault"
>;

type KeyedRows<Row> = Readonly<{
  rows: readonly Row[] | undefined;
  rowKey: (row: Row) => string;
  onOpen?: (row: Row) => void;
  selected?: string | undefined;
  primary?: boolean;
}>;

/** The row the keyboard is at, -1 until a key moved it, and what listens to the keys of a table. */
export function useActiveRow<Row>(
  props: KeyedRows<Row>,
  scroller: React.RefObject<HTMLElement | null>,
  show: (index: number) => void,
) {
  const [active, setActive] = useState(-1);
  const onKey = (event: KeyLike) => {
    const { rows, onOpen } = props;
    if (
      rows === undefined ||
      rows.length === 0 ||
      event.ctrlKey ||
      event.metaKey ||
      event.altKey ||
      isEditing(event.target)
    )
      return;
    const row = rows[active];
    if (event.key === "Enter" && row !== undefined && !isControl(event.target))
      return onOpen?.(row);
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    // What is open is where the user is, however it was opened.
    const open = rows.findIndex((one) => props.rowKey(one) === props.selected);
    const next = Math.min(rows.length - 1, Math.max(0, (open >= 0 ? open : active) + step));
    setActive(next);
    show(next);
    const opened = rows[next];
    if (props.selected !== undefined && opened !== undefined) onOpen?.(opened);
  };
  const latest = useRef(onKey);
  latest.current = onKey;
  const { primary = false } = props;
  useEffect(() => {
    if (!primary) return;
    const listen = (event: KeyboardEvent) => {
      const isInside =
        event.target instanceof Node && scroller.current?.contains(event.target) === true;
      if (
        !isInside &&
        (event.key === "j" || event.key === "k" || event.key === "Enter") &&
        !isControl(event.target)
      )
        latest.current(event);
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, [primary, scroller]);
  return [active, onKey] as const;
}

const isEditing = (target: EventTarget | null) =>
  target instanceof HTMLElement && target.closest("input,select,textarea,dialog") !== null;
const isControl = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  target.closest("a,button,input,select,textarea,dialog,[role=tab]") !== null;
