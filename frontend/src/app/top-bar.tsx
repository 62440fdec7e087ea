import { Search } from "lucide-react";
import type { Connection } from "../api/events.ts";
import { InboxBell } from "../features/inbox/inbox-bell.tsx";
import { cx } from "../ui/cx.ts";
import { Key } from "../ui/feedback.tsx";
import { Mode } from "../ui/mode.tsx";
import { Clock } from "../ui/time.tsx";
import { texts } from "./texts.ts";

const dots: Readonly<Record<Connection, string>> = {
  connecting: "bg-muted",
  open: "bg-up-fill",
  lost: "bg-amber",
};
const isApple = /Mac|iPhone|iPad/.test(navigator.platform);

type TopBarProps = Readonly<{
  /** Whether the page shows results on recorded candles. */
  isBacktest: boolean;
  connection: Connection;
  slot: (place: HTMLElement | null) => void;
  onSearch: () => void;
}>;

/** The mode, the page's own place, the search and the connection. */
export const TopBar = ({ isBacktest, connection, slot, onSearch }: TopBarProps) => (
  <header className="flex h-10 shrink-0 items-center gap-3 border-b border-line px-3 max-sm:h-11">
    {isBacktest && (
      <Mode title={texts.modes.backtestHelp} className="bg-muted/15 text-muted">
        {texts.modes.backtest}
      </Mode>
    )}
    <div ref={slot} className="flex min-w-0 flex-1 items-center gap-3" />
    <button
      type="button"
      onClick={onSearch}
      aria-keyshortcuts="Control+K Meta+K"
      className="flex h-7 items-center gap-2 rounded border border-line px-2 text-muted hover:bg-hover hover:text-text max-lg:border-transparent pointer-coarse:h-11"
    >
      <Search size={14} aria-hidden="true" className="lg:hidden" />
      <span className="text-left lg:min-w-48 max-lg:sr-only">{texts.search}</span>
      <span aria-hidden="true" className="max-lg:hidden">
        <Key>{isApple ? "⌘ K" : "Ctrl K"}</Key>
      </span>
    </button>
    <InboxBell />
    <span className="max-sm:hidden">
      <Clock />
    </span>
    <span
      role="img"
      aria-label={texts.connection[connection]}
      title={texts.connection[connection]}
      className={cx("size-2 shrink-0 rounded-full", dots[connection])}
    />
  </header>
);
