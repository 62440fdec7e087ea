import { useQuery, useQueryClient } from "@tanstack/react-query";
import {
  Activity,
  Bell,
  ChartCandlestick,
  ClipboardList,
  Code,
  Gauge,
  History,
  KeyRound,
  Layers,
  LogOut,
  type LucideIcon,
  Mail,
  Megaphone,
  Settings,
  Users,
} from "lucide-react";
import { type ComponentType, useEffect } from "react";
import { problemOf } from "../api/problem.ts";
import { meQuery } from "../api/queries.ts";
import { onSession } from "../api/session.ts";
import { applyLook } from "../app/theme.ts";
import { useAddress } from "../router/router.tsx";
import { buttonClass } from "../ui/button.tsx";
import { cx } from "../ui/cx.ts";
import { EmptyState } from "../ui/feedback.tsx";
import { ProblemView } from "../ui/problem-view.tsx";
import { Area } from "../ui/tab-title.ts";
import { Clock, TimeZone } from "../ui/time.tsx";
import { Toasts } from "../ui/toast.tsx";
import { AuditPage } from "./audit-page.tsx";
import { BacktestsPage } from "./backtests-page.tsx";
import { DashboardPage } from "./dashboard-page.tsx";
import { ExchangesPage } from "./exchanges-page.tsx";
import { KeysPage } from "./keys-page.tsx";
import { MailsPage } from "./mails-page.tsx";
import { NoticesPage } from "./notices-page.tsx";
import { NotificationsPage } from "./notifications-page.tsx";
import { QueuesPage } from "./queues-page.tsx";
import { SeriesPage } from "./series-page.tsx";
import { SettingsPage } from "./settings-page.tsx";
import { SetupPage } from "./setup-page.tsx";
import { StrategiesPage } from "./strategies-page.tsx";
import { texts } from "./texts.ts";
import { UsersPage } from "./users-page.tsx";

type Entry = Readonly<{ path: string; label: string; icon: LucideIcon; page: ComponentType }>;

const pages: readonly Entry[] = [
  { path: "/", label: texts.pages.dashboard, icon: Gauge, page: DashboardPage },
  { path: "/users", label: texts.pages.users, icon: Users, page: UsersPage },
  { path: "/backtests", label: texts.pages.backtests, icon: History, page: BacktestsPage },
  { path: "/series", label: texts.pages.series, icon: ChartCandlestick, page: SeriesPage },
  { path: "/strategies", label: texts.pages.strategies, icon: Code, page: StrategiesPage },
  { path: "/queues", label: texts.pages.queues, icon: Layers, page: QueuesPage },
  { path: "/exchanges", label: texts.pages.exchanges, icon: Activity, page: ExchangesPage },
  { path: "/keys", label: texts.pages.keys, icon: KeyRound, page: KeysPage },
  { path: "/mails", label: texts.pages.mails, icon: Mail, page: MailsPage },
  {
    ...{ path: "/notifications", label: texts.pages.notifications },
    ...{ icon: Bell, page: NotificationsPage },
  },
  { path: "/notices", label: texts.pages.notices, icon: Megaphone, page: NoticesPage },
  { path: "/audit", label: texts.pages.audit, icon: ClipboardList, page: AuditPage },
  { path: "/settings", label: texts.pages.settings, icon: Settings, page: SettingsPage },
];

/** The operator's area: only for people with the role, whatever the address says. */
export function OperatorApp() {
  const { path } = useAddress();
  return path.startsWith("/setup/") ? <SetupPage /> : <ForOperators />;
}

function ForOperators() {
  const { data: me, error, refetch } = useQuery(meQuery);
  const client = useQueryClient();
  useEffect(
    () =>
      onSession((isSignedIn) => {
        if (!isSignedIn) void client.resetQueries({ queryKey: meQuery.queryKey });
      }),
    [client],
  );
  useEffect(() => {
    if (me !== undefined) applyLook(me.settings);
  }, [me]);
  if (error !== null && problemOf(error).status === 401) {
    return <Closed text={texts.signInFirst} label={texts.signIn} href="../#/sign-in" />;
  }
  if (error !== null) {
    return <ProblemView error={error} onRetry={() => void refetch()} className="m-4" />;
  }
  if (me === undefined) return null;
  if (me.role === "user") return <Closed text={texts.notForYou} label={texts.leave} href="../" />;
  return (
    <TimeZone value={me.settings.timeZone}>
      <Frame name={me.name} role={me.role} />
      <Toasts />
    </TimeZone>
  );
}

const Closed = ({ text, label, href }: { text: string; label: string; href: string }) => (
  <main>
    <h1 className="sr-only">{texts.title}</h1>
    <EmptyState
      className="pt-24"
      action={
        <a href={href} className={buttonClass("primary")}>
          {label}
        </a>
      }
    >
      {text}
    </EmptyState>
  </main>
);

function Frame({ name, role }: { name: string; role: string }) {
  const { path } = useAddress();
  const entry = pages.find((one) => one.path === path) ?? pages[0];
  if (entry === undefined) return null;
  return (
    <div className="flex h-dvh flex-col">
      <header className="flex h-10 shrink-0 items-center gap-3 border-b border-line border-t-2 border-t-accent px-3 max-sm:h-11">
        <span className="rounded bg-accent-soft px-2 py-0.5 text-xs font-semibold tracking-wide text-accent uppercase">
          {texts.title}
        </span>
        <span className="min-w-0 flex-1 truncate text-muted">
          {name}
          {role === "support" && ` · ${texts.readOnly}`}
        </span>
        <span className="max-sm:hidden">
          <Clock />
        </span>
        <a href="../" className={buttonClass("quiet", true)}>
          <LogOut size={14} aria-hidden="true" />
          {texts.leave}
        </a>
      </header>
      <div className="flex min-h-0 flex-1 max-sm:flex-col">
        <Navigation current={entry.path} />
        <main className="min-h-0 min-w-0 flex-1">
          <Area value={texts.title}>
            <entry.page key={entry.path} />
          </Area>
        </main>
      </div>
    </div>
  );
}

/** On a phone the row of pages scrolls: the one that is open is in sight. */
const intoSight = (link: HTMLAnchorElement | null) =>
  link?.scrollIntoView({ block: "nearest", inline: "nearest" });

const Navigation = ({ current }: { current: string }) => (
  <nav
    aria-label={texts.navigation}
    className="flex shrink-0 gap-0.5 border-line p-1.5 max-sm:overflow-x-auto max-sm:border-b sm:w-44 sm:flex-col sm:border-r"
  >
    {pages.map((page) => (
      <a
        key={page.path}
        href={`#${page.path}`}
        ref={page.path === current ? intoSight : null}
        aria-current={page.path === current ? "page" : undefined}
        className={cx(
          "flex h-8 shrink-0 items-center gap-2 rounded px-2 whitespace-nowrap hover:bg-hover pointer-coarse:h-11",
          page.path === current ? "bg-hover text-text" : "text-muted",
        )}
      >
        <page.icon
          size={15}
          strokeWidth={1.6}
          aria-hidden="true"
          className={cx(page.path === current && "text-accent")}
        />
        {page.label}
      </a>
    ))}
  </nav>
);
