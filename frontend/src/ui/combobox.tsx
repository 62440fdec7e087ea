import { type ReactNode, useEffect, useId, useRef, useState } from "react";
import { cx } from "./cx.ts";
import { inputClass } from "./field.tsx";

export type ComboOption = Readonly<{
  value: string;
  label: string;
  note?: ReactNode;
  disabled?: boolean;
}>;
type ComboboxProps = Readonly<{
  /** What is chosen, as it is shown while the list is closed. */
  value: string;
  options: readonly ComboOption[];
  search: string;
  onSearch: (search: string) => void;
  onChoose: (option: ComboOption) => void;
  placeholder?: string;
  /** Stands in the list when there is nothing to choose: loading, empty or a problem. */
  note?: ReactNode;
  id?: string;
  "aria-label"?: string;
  "aria-describedby"?: string | undefined;
  disabled?: boolean;
}>;

/** A field that searches a long list while one types. */
export function Combobox({
  value,
  options,
  search,
  onSearch,
  onChoose,
  placeholder,
  note,
  disabled,
  ...ids
}: ComboboxProps) {
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const listId = useId();
  // At the lower end of a sheet or a dialog it would open out of sight.
  useEffect(() => {
    if (open) list.current?.parentElement?.scrollIntoView({ block: "nearest" });
  }, [open]);
  const choose = (option: ComboOption | undefined) => {
    if (option === undefined || option.disabled === true) return;
    onChoose(option);
    setOpen(false);
  };
  const show = (index: number) => {
    const next = Math.min(options.length - 1, Math.max(0, index));
    setActive(next);
    list.current?.children[next]?.scrollIntoView({ block: "nearest" });
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (open) show(active + (event.key === "ArrowDown" ? 1 : -1));
      else setOpen(true);
    }
    if (event.key === "Enter" && open) {
      event.preventDefault();
      choose(options[active]);
    }
    if (event.key === "Escape" && open) {
      event.preventDefault();
      event.stopPropagation();
      setOpen(false);
    }
  };
  return (
    <div className="relative">
      <input
        {...ids}
        role="combobox"
        aria-expanded={open}
        aria-controls={listId}
        aria-activedescendant={open && options.length > 0 ? `${listId}-${active}` : undefined}
        autoComplete="off"
        spellCheck={false}
        disabled={disabled}
        placeholder={placeholder}
        value={open ? search : value}
        onFocus={(event) => {
          onSearch("");
          setActive(0);
          event.target.select();
        }}
        onClick={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onChange={(event) => {
          onSearch(event.target.value);
          setActive(0);
          setOpen(true);
        }}
        onKeyDown={onKeyDown}
        className={inputClass}
      />
      {open && (
        // A press on the list must not take the focus from the field before it became a click.
        <div
          onPointerDown={(event) => event.preventDefault()}
          className="absolute inset-x-0 top-full z-40 mt-1 max-h-72 overflow-auto rounded border border-line bg-panel"
        >
          <div ref={list} id={listId} role="listbox" tabIndex={-1}>
            {options.map((option, index) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the field handles keys.
              <div
                key={option.value}
                id={`${listId}-${index}`}
                role="option"
                tabIndex={-1}
                aria-selected={index === active}
                aria-disabled={option.disabled}
                onClick={() => choose(option)}
                className={cx(
                  "flex min-h-7 cursor-pointer items-center gap-3 px-2 pointer-coarse:min-h-11",
                  index === active && "bg-hover",
                  option.disabled === true && "opacity-50",
                )}
              >
                <span className="truncate">{option.label}</span>
                <span className="ml-auto shrink-0 text-xs text-muted">{option.note}</span>
              </div>
            ))}
          </div>
          {note !== undefined && <div className="px-2 py-1.5 text-sm text-muted">{note}</div>}
        </div>
      )}
    </div>
  );
}
