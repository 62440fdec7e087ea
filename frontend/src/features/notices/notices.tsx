import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { announcementsQuery, meQuery, ownLegalQuery, siteQuery } from "../../api/queries.ts";

// Most days there is nothing to tell.
const NoticeBars = lazy(() =>
  import("./notice-bars.tsx").then((module) => ({ default: module.NoticeBars })),
);

/** What the operator of the site tells everybody, above every page; nothing where nothing is told. */
export function Notices() {
  const { data: me } = useQuery(meQuery);
  const isHalted = useQuery(siteQuery).data?.isHalted === true;
  const announcements = useQuery(announcementsQuery).data?.items ?? [];
  const isOwner = me?.isLookedAt === false;
  const legal = useQuery({ ...ownLegalQuery, enabled: isOwner }).data?.items ?? [];
  const unread = legal.filter(({ acceptedAt }) => acceptedAt === null);
  if (me === undefined) return null;
  const isCalm = isOwner && !isHalted && me.residence.state === "open";
  if (isCalm && announcements.length === 0 && unread.length === 0) return null;
  return (
    <Suspense>
      <NoticeBars me={me} isHalted={isHalted} announcements={announcements} unread={unread} />
    </Suspense>
  );
}
