import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { announcementsQuery, meQuery, ownLegalQuery, siteQuery } from "../../api/queries.ts";
import { IconButton } from "../../ui/button.tsx";
import { cx } from "../../ui/cx.ts";
import { bar } from "./bar.ts";
import { texts } from "./texts.ts";

// Hardly ever needed.
const AgreementBar = lazy(() =>
  import("./agreement-bar.tsx").then((module) => ({ default: module.AgreementBar })),
);
const CountryBar = lazy(() =>
  import("./country-bar.tsx").then((module) => ({ default: module.CountryBar })),
);

/** What the operator of the site tells everybody, above every page; nothing where nothing is told. */
export function NoticeBars() {
  const { data: me } = useQuery(meQuery);
  const isHalted = useQuery(siteQuery).data?.isHalted === true;
  return (
    <>
      {me?.isLookedAt === true && (
        <p role="status" className={cx(bar, "border-l-2 border-l-amber text-amber")}>
          {texts.lookedAt(me.name)}
        </p>
      )}
      {isHalted && (
        <p role="status" className={cx(bar, "text-amber")}>
          {texts.halted}
        </p>
      )}
      <Announcements />
      {me?.isLookedAt === false && (
        <Suspense>
          {me.residence.state !== "open" && <CountryBar state={me.residence.state} />}
          <Agreement />
        </Suspense>
      )}
    </>
  );
}

function Announcements() {
  const { data } = useQuery(announcementsQuery);
  const [dismissed, setDismissed] = useState<readonly string[]>([]);
  const shown = data?.items.filter(({ id }) => !dismissed.includes(id)) ?? [];
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

/** Texts in a newer version than the one agreed to. */
function Agreement() {
  const open = useQuery(ownLegalQuery).data?.items.filter((one) => one.acceptedAt === null) ?? [];
  return open.length > 0 && <AgreementBar open={open} />;
}
