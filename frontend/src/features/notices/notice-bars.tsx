import { lazy, Suspense, useState } from "react";
import type { Shapes } from "../../api/shapes.ts";
import { IconButton } from "../../ui/button.tsx";
import { cx } from "../../ui/cx.ts";
import { AgreementBar } from "./agreement-bar.tsx";
import { bar } from "./bar.ts";
import { texts } from "./texts.ts";

// Knows every country.
const CountryBar = lazy(() =>
  import("./country-bar.tsx").then((module) => ({ default: module.CountryBar })),
);

type NoticeProps = Readonly<{
  me: Shapes["me"];
  isHalted: boolean;
  announcements: Shapes["announcementList"]["items"];
  /** Texts in a newer version than the one agreed to. */
  unread: Shapes["ownLegalList"]["items"];
}>;

/** One bar for each thing there is to tell. */
export const NoticeBars = ({ me, isHalted, announcements, unread }: NoticeProps) => (
  <>
    {me.isLookedAt && (
      <p role="status" className={cx(bar, "border-l-2 border-l-amber text-amber")}>
        {texts.lookedAt(me.name)}
      </p>
    )}
    {isHalted && (
      <p role="status" className={cx(bar, "text-amber")}>
        {texts.halted}
      </p>
    )}
    <Announcements items={announcements} />
    {!me.isLookedAt && me.residence.state !== "open" && (
      <Suspense>
        <CountryBar state={me.residence.state} />
      </Suspense>
    )}
    {unread.length > 0 && <AgreementBar open={unread} />}
  </>
);

function Announcements({ items }: Pick<Shapes["announcementList"], "items">) {
  const [dismissed, setDismissed] = useState<readonly string[]>([]);
  const shown = items.filter(({ id }) => !dismissed.includes(id));
  return shown.map(({ id, text, tone }) => (
    <div key={id} role="status" className={cx(bar, "flex-nowrap! py-0.5!")}>
      <span className={cx("min-w-0 flex-1 break-words", tone === "warning" && "text-amber")}>
        {text}
      </span>
      <IconButton label={texts.dismiss} onClick={() => setDismissed([...dismissed, id])}>
        ×
      </IconButton>
    </div>
  ));
}
