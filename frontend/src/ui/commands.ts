import { type ReactNode, useEffect, useSyncExternalStore } from "react";

/** Something the command palette can do. */
export type Command = Readonly<{
  id: string;
  label: string;
  note?: string;
  icon?: ReactNode;
  keys?: string;
  run: () => void;
}>;

let groups: readonly (readonly Command[])[] = [];
const listeners = new Set<() => void>();
const change = (next: typeof groups) => {
  groups = next;
  for (const listener of listeners) listener();
};

/** Offers commands while the calling component is on the screen; the list must keep its identity between renders. */
export function useCommands(commands: readonly Command[]): void {
  useEffect(() => {
    change([commands, ...groups]);
    return () => change(groups.filter((group) => group !== commands));
  }, [commands]);
}

/** All commands offered now, those of the page first. */
export function useOfferedCommands(): readonly Command[] {
  const offered = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => groups,
  );
  return offered.flat();
}
