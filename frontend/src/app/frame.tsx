import { useQueryClient } from "@tanstack/react-query";
import { lazy, type ReactNode, Suspense, useCallback, useEffect, useMemo, useState } from "react";
import { onSession, signOut } from "../api/session.ts";
import { useSettings } from "../api/settings.ts";
import { Notices } from "../features/notices/notices.tsx";
import { navigate, useAddress } from "../router/router.tsx";
import { type Command, useCommands } from "../ui/commands.ts";
import { TimeZone } from "../ui/time.tsx";
import { TopBarSlot } from "../ui/top-bar-slot.tsx";
import { useLiveUpdates } from "./live-updates.ts";
import { pages, settingsPage } from "./navigation.ts";
import { BottomTabs, Rail } from "./rail.tsx";
import { texts } from "./texts.ts";
import { applyLook } from "./theme.ts";
import { TopBar } from "./top-bar.tsx";

const CommandPalette = lazy(() =>
  import("./command-palette.tsx").then((module) => ({ default: module.CommandPalette })),
);

/** What stands around every page of a signed-in user. */
export function Frame({ children }: { children: ReactNode }) {
  const [settings] = useSettings();
  const [searching, setSearching] = useState(false);
  const [slot, setSlot] = useState<HTMLElement | null>(null);
  const openSearch = useCallback(() => setSearching(true), []);
  const connection = useLiveUpdates();
  useLeaving();
  useFrameCommands();
  useShortcuts(openSearch);
  const { path } = useAddress();
  const { theme, colours } = settings;
  useEffect(() => applyLook({ theme, colours }), [theme, colours]);
  return (
    <TimeZone value={settings.timeZone}>
      <TopBarSlot value={slot}>
        <button
          type="button"
          onClick={focusPage}
          className="sr-only z-50 rounded bg-accent-fill px-3 py-2 text-white focus:not-sr-only focus:fixed focus:top-1 focus:left-1"
        >
          {texts.skip}
        </button>
        <div className="flex h-dvh">
          <Rail />
          <div className="flex min-w-0 flex-1 flex-col">
            <TopBar
              isBacktest={showsBacktests(path)}
              connection={connection}
              slot={setSlot}
              onSearch={openSearch}
            />
            <Notices />
            <main id="page" tabIndex={-1} className="min-h-0 flex-1 outline-none">
              {children}
            </main>
            <BottomTabs />
          </div>
        </div>
        {searching && (
          <Suspense>
            <CommandPalette onClose={() => setSearching(false)} />
          </Suspense>
        )}
      </TopBarSlot>
    </TimeZone>
  );
}

/** Prices, candles and settings are what they are; elsewhere stand results of backtests. */
const showsBacktests = (path: string): boolean =>
  !["/markets", "/data", "/settings"].some((one) => path === one || path.startsWith(`${one}/`));

const focusPage = () => document.getElementById("page")?.focus();

/** Signing out in any tab empties this one. */
function useLeaving(): void {
  const client = useQueryClient();
  useEffect(
    () =>
      onSession((isSignedIn) => {
        if (isSignedIn) return;
        client.clear();
        navigate({ to: "/sign-in" });
      }),
    [client],
  );
}

function useFrameCommands(): void {
  const [settings, change] = useSettings();
  const isLight = settings.theme === "light";
  const commands = useMemo<readonly Command[]>(
    () => [
      ...[...pages, settingsPage].map((page) => ({
        id: page.to,
        label: texts.palette.open(page.label),
        keys: `g ${page.key}`,
        run: () => navigate({ to: page.to }),
      })),
      {
        id: "theme",
        label: isLight ? texts.dark : texts.light,
        run: () => change({ theme: isLight ? "dark" : "light" }),
      },
      { id: "sign-out", label: texts.signOut, run: () => void signOut() },
    ],
    [change, isLight],
  );
  useCommands(commands);
}

/** Ctrl/⌘ K and / open the search; g and a letter go to a page. */
function useShortcuts(openSearch: () => void): void {
  useEffect(() => {
    let goingSince = Number.NEGATIVE_INFINITY;
    const onKey = (event: KeyboardEvent) => {
      if (opensSearch(event)) {
        event.preventDefault();
        openSearch();
        return;
      }
      if (isTyping(event) || hasModifier(event)) return;
      const page = [...pages, settingsPage].find((one) => one.key === event.key);
      if (page !== undefined && event.timeStamp - goingSince < 1_000) navigate({ to: page.to });
      goingSince = event.key === "g" ? event.timeStamp : Number.NEGATIVE_INFINITY;
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [openSearch]);
}

const hasModifier = (event: KeyboardEvent) => event.ctrlKey || event.metaKey || event.altKey;
const isTyping = (event: KeyboardEvent) =>
  event.target instanceof HTMLElement &&
  event.target.closest("input,textarea,select,dialog") !== null;

function opensSearch(event: KeyboardEvent): boolean {
  if (event.key === "/") return !isTyping(event) && !hasModifier(event);
  return event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey);
}
