import { useQuery } from "@tanstack/react-query";
import { Bell } from "lucide-react";
import { lazy, Suspense } from "react";
import { inboxQuery } from "../../api/queries.ts";
import { Skeleton } from "../../ui/feedback.tsx";
import { Popover } from "../../ui/popover.tsx";
import { texts } from "./texts.ts";

const InboxList = lazy(() =>
  import("./inbox-list.tsx").then((module) => ({ default: module.InboxList })),
);

/** What happened to one's account, behind a bell that says when there is something new. */
export function InboxBell() {
  const { unread = 0 } = useQuery(inboxQuery).data ?? {};
  return (
    <Popover
      label={unread === 0 ? texts.title : texts.unread(unread)}
      className="relative px-1.5! pointer-coarse:min-w-11 pointer-coarse:justify-center"
      face={
        <>
          <Bell size={16} strokeWidth={1.6} aria-hidden="true" />
          {unread > 0 && (
            <span className="absolute top-1/2 left-1/2 -mt-4 grid h-4 min-w-4 place-items-center rounded-full bg-accent-fill px-1 text-xs text-white">
              {unread > 99 ? "99+" : unread}
            </span>
          )}
        </>
      }
    >
      {(close) => (
        <Suspense fallback={<Skeleton className="h-24 w-80" />}>
          <InboxList onLeave={close} />
        </Suspense>
      )}
    </Popover>
  );
}
