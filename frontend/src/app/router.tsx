import type { QueryClient } from "@tanstack/react-query";
import {
  createHashHistory,
  createRootRouteWithContext,
  createRoute,
  createRouter,
  Link,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { meQuery } from "../api/queries.ts";
import { accessToken } from "../api/session.ts";
import { backtestsSearch } from "../features/backtests/search.ts";
import { compareSearch } from "../features/compare/search.ts";
import { dataSearch } from "../features/data/search.ts";
import { workbenchSearch } from "../features/workbench/search.ts";
import { buttonClass } from "../ui/button.tsx";
import { EmptyState } from "../ui/feedback.tsx";
import { ProblemView } from "../ui/problem-view.tsx";
import { Toasts } from "../ui/toast.tsx";
import { Frame } from "./frame.tsx";
import { texts } from "./texts.ts";

/** The whole map of the pages. Addresses are hashes, so that any static host, sub-path or file server can hold them. */
const root = createRootRouteWithContext<{ client: QueryClient }>()({
  component: () => (
    <>
      <Outlet />
      <Toasts />
    </>
  ),
  notFoundComponent: () => (
    <EmptyState
      action={
        <Link to="/" className={buttonClass()}>
          {texts.gone.action}
        </Link>
      }
      className="pt-24"
    >
      {texts.gone.text}
    </EmptyState>
  ),
});

type Next = { next?: string };
const nextSearch = (search: Record<string, unknown>): Next =>
  // Only our own pages: a link must not send anybody elsewhere after signing in.
  typeof search.next === "string" && /^\/(?![/\\])/.test(search.next) ? { next: search.next } : {};

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: nextSearch,
  component: lazyRouteComponent(() => import("../features/auth/sign-in-page.tsx"), "SignInPage"),
});
const signUp = createRoute({
  getParentRoute: () => root,
  path: "/sign-up",
  validateSearch: nextSearch,
  component: lazyRouteComponent(() => import("../features/auth/sign-up-page.tsx"), "SignUpPage"),
});
const link = createRoute({
  getParentRoute: () => root,
  path: "/link/$token",
  component: lazyRouteComponent(() => import("../features/auth/link-page.tsx"), "LinkPage"),
});

const frame = createRoute({
  getParentRoute: () => root,
  id: "frame",
  component: Frame,
  beforeLoad: async ({ context, location }) => {
    if ((await accessToken()) === null) {
      throw redirect({
        to: "/sign-in",
        search: location.href === "/" ? {} : { next: location.href },
      });
    }
    await context.client.ensureQueryData(meQuery);
  },
});

const home = createRoute({
  getParentRoute: () => frame,
  path: "/",
  component: lazyRouteComponent(() => import("../features/home/home-page.tsx"), "HomePage"),
});
const workbench = createRoute({
  getParentRoute: () => frame,
  path: "/workbench",
  validateSearch: workbenchSearch,
  component: lazyRouteComponent(
    () => import("../features/workbench/workbench-page.tsx"),
    "WorkbenchPage",
  ),
});
const strategies = createRoute({
  getParentRoute: () => frame,
  path: "/strategies",
  component: lazyRouteComponent(
    () => import("../features/strategies/strategies-page.tsx"),
    "StrategiesPage",
  ),
});
const strategy = createRoute({
  getParentRoute: () => frame,
  path: "/strategies/$name",
  component: lazyRouteComponent(
    () => import("../features/strategies/strategy-page.tsx"),
    "StrategyPage",
  ),
});
const backtests = createRoute({
  getParentRoute: () => frame,
  path: "/backtests",
  validateSearch: backtestsSearch,
  component: lazyRouteComponent(
    () => import("../features/backtests/backtests-page.tsx"),
    "BacktestsPage",
  ),
});
const compare = createRoute({
  getParentRoute: () => frame,
  path: "/compare",
  validateSearch: compareSearch,
  component: lazyRouteComponent(
    () => import("../features/compare/compare-page.tsx"),
    "ComparePage",
  ),
});
const data = createRoute({
  getParentRoute: () => frame,
  path: "/data",
  validateSearch: dataSearch,
  component: lazyRouteComponent(() => import("../features/data/data-page.tsx"), "DataPage"),
});
const settings = createRoute({
  getParentRoute: () => frame,
  path: "/settings",
  component: lazyRouteComponent(
    () => import("../features/settings/settings-page.tsx"),
    "SettingsPage",
  ),
});

const tree = root.addChildren([
  signIn,
  signUp,
  link,
  frame.addChildren([home, workbench, strategies, strategy, backtests, compare, data, settings]),
]);

/** The router over the whole map; pages read their search by `getRouteApi("/frame/data")`. */
export const makeRouter = (client: QueryClient) =>
  createRouter({
    routeTree: tree,
    history: createHashHistory(),
    context: { client },
    defaultPreload: "intent",
    defaultPreloadStaleTime: 0,
    defaultErrorComponent: ({ error, reset }) => (
      <ProblemView error={error} onRetry={reset} className="m-4" />
    ),
  });

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
