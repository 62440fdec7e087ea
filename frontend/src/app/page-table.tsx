import { type ComponentType, lazy } from "react";
import { paramsOf } from "../router/address.ts";
import type { Place } from "../router/places.ts";
import { isMissingCode, loadAgain } from "./missing-code.ts";

type Loaded = { default: ComponentType };
export type PageEntry = Readonly<{
  place: Place;
  /** Seen without signing in. */
  isOpen: boolean;
  load: () => Promise<Loaded>;
  /** The page itself; before its code is there, one that waits for it. */
  page: () => ComponentType;
}>;

function entry(place: Place, fetch: () => Promise<Loaded>, isOpen = false): PageEntry {
  let loaded: ComponentType | null = null;
  const load = async () => {
    const page = await fetch();
    loaded = page.default;
    return page;
  };
  const later = lazy(load);
  return { place, isOpen, load, page: () => loaded ?? later };
}
const open = (place: Place, load: () => Promise<Loaded>): PageEntry => entry(place, load, true);

/** The whole map of the pages; the code of each comes when it is wanted. */
const pages: readonly PageEntry[] = [
  open("/sign-in", () =>
    import("../features/auth/sign-in-page.tsx").then((page) => ({ default: page.SignInPage })),
  ),
  open("/sign-up", () =>
    import("../features/auth/sign-up-page.tsx").then((page) => ({ default: page.SignUpPage })),
  ),
  open("/invite/$token", () =>
    import("../features/auth/invite-page.tsx").then((page) => ({ default: page.InvitePage })),
  ),
  open("/keep/$token", () =>
    import("../features/auth/keep-page.tsx").then((page) => ({ default: page.KeepPage })),
  ),
  open("/link/$token", () =>
    import("../features/auth/link-page.tsx").then((page) => ({ default: page.LinkPage })),
  ),
  open("/forgot", () =>
    import("../features/auth/forgot-page.tsx").then((page) => ({ default: page.ForgotPage })),
  ),
  open("/reset/$token", () =>
    import("../features/auth/reset-page.tsx").then((page) => ({ default: page.ResetPage })),
  ),
  open("/verify/$token", () =>
    import("../features/auth/verify-page.tsx").then((page) => ({ default: page.VerifyPage })),
  ),
  open("/legal/$kind", () =>
    import("../features/notices/legal-page.tsx").then((page) => ({ default: page.LegalPage })),
  ),
  entry("/", () =>
    import("../features/home/home-page.tsx").then((page) => ({ default: page.HomePage })),
  ),
  entry("/workbench", () =>
    import("../features/workbench/workbench-page.tsx").then((page) => ({
      default: page.WorkbenchPage,
    })),
  ),
  entry("/markets", () =>
    import("../features/markets/markets-page.tsx").then((page) => ({ default: page.MarketsPage })),
  ),
  entry("/strategies", () =>
    import("../features/strategies/strategies-page.tsx").then((page) => ({
      default: page.StrategiesPage,
    })),
  ),
  entry("/strategies/$name", () =>
    import("../features/strategies/strategy-page.tsx").then((page) => ({
      default: page.StrategyPage,
    })),
  ),
  entry("/backtests", () =>
    import("../features/backtests/backtests-page.tsx").then((page) => ({
      default: page.BacktestsPage,
    })),
  ),
  entry("/compare", () =>
    import("../features/compare/compare-page.tsx").then((page) => ({ default: page.ComparePage })),
  ),
  entry("/data", () =>
    import("../features/data/data-page.tsx").then((page) => ({ default: page.DataPage })),
  ),
  entry("/settings", () =>
    import("../features/settings/settings-page.tsx").then((page) => ({
      default: page.SettingsPage,
    })),
  ),
  entry("/settings/security", () =>
    import("../features/security/security-page.tsx").then((page) => ({
      default: page.SecurityPage,
    })),
  ),
  entry("/settings/exchanges", () =>
    import("../features/exchange-accounts/exchange-accounts-page.tsx").then((page) => ({
      default: page.ExchangeAccountsPage,
    })),
  ),
  entry("/settings/mailbox", () =>
    import("../features/mailbox/mailbox-page.tsx").then((page) => ({ default: page.MailboxPage })),
  ),
];

/** The page at a path, or undefined. */
export const pageAt = (path: string): PageEntry | undefined =>
  pages.find((page) => paramsOf(page.place, path) !== null);

/** Fetches the code of a page that may be gone to; what fails now is tried again, and told, then. */
export const preloadPage = async (path: string): Promise<void> => {
  await pageAt(path)
    ?.load()
    .catch(() => undefined);
};

/** Fetches the code of the page gone to. */
export const preparePage = async (path: string): Promise<void> => {
  try {
    await pageAt(path)?.load();
  } catch (error) {
    if (isMissingCode(error)) await loadAgain();
  }
};
