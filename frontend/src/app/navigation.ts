import {
  Activity,
  ChartCandlestick,
  Code,
  Database,
  History,
  House,
  type LucideIcon,
  Settings,
} from "lucide-react";
import { texts } from "./texts.ts";

type Page = Readonly<{ to: string; label: string; icon: LucideIcon; key: string }>;

/** The pages that work, in the order of the rail. `g` and the key go there. */
export const pages = [
  { to: "/", label: texts.pages.home, icon: House, key: "h" },
  { to: "/workbench", label: texts.pages.workbench, icon: ChartCandlestick, key: "w" },
  { to: "/markets", label: texts.pages.markets, icon: Activity, key: "m" },
  { to: "/strategies", label: texts.pages.strategies, icon: Code, key: "s" },
  { to: "/backtests", label: texts.pages.backtests, icon: History, key: "b" },
  { to: "/data", label: texts.pages.data, icon: Database, key: "d" },
] as const satisfies readonly Page[];

export const settingsPage = {
  to: "/settings",
  label: texts.pages.settings,
  icon: Settings,
  key: ",",
} as const satisfies Page;
