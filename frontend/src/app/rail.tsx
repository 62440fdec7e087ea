import { Ellipsis } from "lucide-react";
import { Link } from "../router/router.tsx";
import { cx } from "../ui/cx.ts";
import { Popover } from "../ui/popover.tsx";
import { pages, settingsPage } from "./navigation.ts";
import { texts } from "./texts.ts";

type Page = (typeof pages)[number] | typeof settingsPage;

const RailLink = ({ page, className }: { page: Page; className?: string }) => (
  <Link
    to={page.to}
    aria-label={page.label}
    title={page.label}
    className={cx(
      "relative grid size-9 place-items-center rounded text-muted hover:bg-hover hover:text-text",
      "aria-[current]:bg-hover aria-[current]:text-text aria-[current]:before:absolute aria-[current]:before:inset-y-2 aria-[current]:before:-left-1.5 aria-[current]:before:w-0.5 aria-[current]:before:bg-accent",
      className,
    )}
  >
    <page.icon size={18} strokeWidth={1.6} aria-hidden="true" />
  </Link>
);

/** The icon rail at the left. */
export const Rail = () => (
  <nav
    aria-label={texts.navigation}
    className="flex w-12 shrink-0 flex-col items-center gap-1 border-r border-line py-2 max-sm:hidden"
  >
    {pages.map((page) => (
      <RailLink key={page.to} page={page} />
    ))}
    <RailLink page={settingsPage} className="mt-auto" />
  </nav>
);

const tabClass =
  "grid h-13 flex-1 place-items-center content-center gap-0.5 text-xs text-muted aria-[current]:text-text";

const TabLink = ({ page }: { page: Page }) => (
  <Link to={page.to} className={tabClass}>
    <page.icon size={18} strokeWidth={1.6} aria-hidden="true" />
    {page.label}
  </Link>
);

const [home, workbench, markets, strategies, backtests, data] = pages;

/** The tabs at the bottom of a phone; what does not fit is under More. */
export const BottomTabs = () => (
  <nav
    aria-label={texts.navigation}
    className="flex shrink-0 border-t border-line bg-ground pb-[env(safe-area-inset-bottom)] sm:hidden"
  >
    {[home, workbench, backtests, data].map((page) => (
      <TabLink key={page.to} page={page} />
    ))}
    <div className="flex flex-1 items-stretch *:flex-1 [&_[aria-expanded]]:h-13 [&_[aria-expanded]+div]:top-auto [&_[aria-expanded]+div]:bottom-full">
      <Popover
        label={texts.pages.more}
        className="h-13! flex-1 flex-col justify-center gap-0.5! px-0 text-xs!"
        face={
          <>
            <Ellipsis size={18} strokeWidth={1.6} aria-hidden="true" />
            {texts.pages.more}
          </>
        }
      >
        {(close) =>
          [markets, strategies, settingsPage].map((page) => (
            <Link
              key={page.to}
              to={page.to}
              onClick={close}
              className="flex h-11 items-center gap-3 px-4 text-base hover:bg-hover"
            >
              <page.icon size={16} strokeWidth={1.6} aria-hidden="true" />
              {page.label}
            </Link>
          ))
        }
      </Popover>
    </div>
  </nav>
);
