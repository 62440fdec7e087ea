import { useQuery } from "@tanstack/react-query";
import { Search } from "lucide-react";
import { useDeferredValue, useId, useRef, useState } from "react";
import { seriesListQuery, strategiesQuery } from "../api/queries.ts";
import { navigate } from "../router/router.tsx";
import { type Command, useOfferedCommands } from "../ui/commands.ts";
import { cx } from "../ui/cx.ts";
import { Dialog } from "../ui/dialog.tsx";
import { exchangeName } from "../ui/exchange-text.tsx";
import { Key } from "../ui/feedback.tsx";
import { texts } from "./texts.ts";

const words = texts.palette;

/** Finds markets and strategies and runs commands, by keyboard alone if one likes. */
export function CommandPalette({ onClose }: { onClose: () => void }) {
  const [search, setSearch] = useState("");
  const [active, setActive] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const id = useId();
  const found = useFound(search);
  const run = (command: Command | undefined) => {
    if (command === undefined) return;
    onClose();
    command.run();
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.key === "Enter") run(found[active]);
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    const next = Math.min(
      found.length - 1,
      Math.max(0, active + (event.key === "ArrowDown" ? 1 : -1)),
    );
    setActive(next);
    list.current?.children[next]?.scrollIntoView({ block: "nearest" });
  };
  return (
    <Dialog title={words.title} onClose={onClose} bare>
      <label className="flex h-11 items-center gap-3 border-b border-line px-4 text-muted">
        <Search size={16} aria-hidden="true" />
        <input
          autoFocus
          role="combobox"
          aria-label={words.title}
          aria-expanded="true"
          aria-controls={id}
          aria-activedescendant={`${id}-${active}`}
          value={search}
          maxLength={60}
          placeholder={words.placeholder}
          onChange={(event) => {
            setSearch(event.target.value);
            setActive(0);
          }}
          onKeyDown={onKeyDown}
          className="h-full flex-1 text-lg text-text outline-none"
        />
      </label>
      <div
        ref={list}
        id={id}
        role="listbox"
        aria-label={words.title}
        tabIndex={-1}
        className="max-h-[50dvh] overflow-auto py-1"
      >
        {found.map((command, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field handles keys.
          <div
            key={command.id}
            id={`${id}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === active}
            onPointerMove={() => setActive(index)}
            onClick={() => run(command)}
            className={cx(
              "flex h-9 cursor-pointer items-center gap-3 px-4 pointer-coarse:h-11",
              index === active && "bg-hover",
            )}
          >
            <span className="truncate">{command.label}</span>
            <span className="ml-auto shrink-0 text-sm text-muted">
              {command.note ?? words.command}
            </span>
            {command.keys !== undefined && <Key>{command.keys}</Key>}
          </div>
        ))}
        {found.length === 0 && <p className="px-4 py-3 text-muted">{words.none(search)}</p>}
      </div>
    </Dialog>
  );
}

/** Stored markets, then commands by their words, then strategies; nothing found for words since replaced. */
function useFound(search: string): readonly Command[] {
  const wanted = useDeferredValue(search.trim());
  const commands = useOfferedCommands();
  const listed = useQuery(seriesListQuery({ search: wanted, pageSize: 8 }));
  const ofAnotherSearch = listed.isPlaceholderData || wanted !== search.trim();
  const series = ofAnotherSearch ? [] : (listed.data?.items ?? []);
  const strategies = useQuery(strategiesQuery).data?.items ?? [];
  const has = (text: string) => text.toLowerCase().includes(search.trim().toLowerCase());
  return [
    ...series.map((one) => ({
      id: one.id,
      label: `${one.symbol} ${one.timeframe}`,
      note: exchangeName(one.exchange) ?? one.title,
      run: () => navigate({ to: "/workbench", search: { series: one.id } }),
    })),
    ...commands.filter((command) => has(command.label)),
    ...strategies
      .filter((one) => has(one.title) || has(one.name))
      .map((one) => ({
        id: one.name,
        label: one.title,
        note: words.strategy,
        run: () => navigate({ to: "/strategies/$name", params: { name: one.name } }),
      })),
  ];
}
