import { type ReactNode, useId, useLayoutEffect, useRef } from "react";
import { cx } from "./cx.ts";

type Tab<Name extends string> = Readonly<{ name: Name; label: string; count?: number }>;
type TabsProps<Name extends string> = Readonly<{
  label: string;
  tabs: readonly Tab<Name>[];
  value: Name;
  onChange: (name: Name) => void;
  actions?: ReactNode;
  children: ReactNode;
  className?: string;
}>;

/** Tabs over one panel; arrow keys move between them. `actions` stand at the right end, on a phone below. */
export function Tabs<Name extends string>({
  label,
  tabs,
  value,
  onChange,
  actions,
  children,
  className,
}: TabsProps<Name>) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each tab begins at its top, wherever the one before was.
  useLayoutEffect(() => void panel.current?.scrollTo(0, 0), [value]);
  const move = (direction: number) => {
    const index = tabs.findIndex((tab) => tab.name === value);
    const next = tabs[(index + direction + tabs.length) % tabs.length];
    if (next === undefined) return;
    onChange(next.name);
    list.current?.querySelector<HTMLElement>(`[data-tab="${next.name}"]`)?.focus();
  };
  return (
    <section className={cx("flex min-h-0 flex-col", className)}>
      <div className="flex shrink-0 items-stretch border-b border-line px-2 max-sm:flex-wrap max-sm:px-1">
        <div
          ref={list}
          role="tablist"
          aria-label={label}
          className="flex min-w-0 overflow-x-auto [scrollbar-width:none] max-sm:w-full"
        >
          {tabs.map((tab) => (
            <button
              key={tab.name}
              type="button"
              role="tab"
              id={`${id}-${tab.name}`}
              data-tab={tab.name}
              aria-selected={tab.name === value}
              aria-controls={`${id}-panel`}
              tabIndex={tab.name === value ? 0 : -1}
              onClick={() => onChange(tab.name)}
              onKeyDown={(event) => {
                if (event.key === "ArrowRight") move(1);
                if (event.key === "ArrowLeft") move(-1);
              }}
              className={cx(
                "h-8 px-2.5 whitespace-nowrap max-sm:px-2 -outline-offset-2 pointer-coarse:h-11",
                tab.name === value
                  ? "text-text shadow-[inset_0_-2px_var(--accent)]"
                  : "text-muted hover:text-text",
              )}
            >
              {tab.label}
              {tab.count !== undefined && (
                <span className="ml-1.5 text-muted">{tab.count.toLocaleString("en-US")}</span>
              )}
            </button>
          ))}
        </div>
        <div className="ml-auto flex items-center gap-1">{actions}</div>
      </div>
      <div
        ref={panel}
        role="tabpanel"
        id={`${id}-panel`}
        aria-labelledby={`${id}-${value}`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys.
        tabIndex={0}
        className="relative min-h-0 flex-1 overflow-auto -outline-offset-2"
      >
        {children}
      </div>
    </section>
  );
}
