import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { InboxMessage } from "@trading/contracts/mail";
import { ask } from "../../api/client.ts";
import { inboxQuery } from "../../api/queries.ts";
import { Link } from "../../router/router.tsx";
import { Button } from "../../ui/button.tsx";
import { cx } from "../../ui/cx.ts";
import { TimeText } from "../../ui/time.tsx";
import { texts } from "./texts.ts";

/** The messages behind the bell, and how to have read them. */
export function InboxList({ onLeave }: { onLeave: () => void }) {
  const client = useQueryClient();
  const { items = [], unread = 0 } = useQuery(inboxQuery).data ?? {};
  const markRead = useMutation({
    mutationFn: () => ask("nothing", "/users/me/inbox/read", { method: "POST" }),
    onSuccess: () => client.invalidateQueries({ queryKey: inboxQuery.queryKey }),
  });
  return (
    <div className="grid w-80 max-w-[calc(100vw-24px)]">
      {items.length === 0 ? (
        <p className="px-3 py-2 text-muted">{texts.none}</p>
      ) : (
        <ul aria-label={texts.title}>
          {items.map((message) => (
            <Message key={message.id} message={message} />
          ))}
        </ul>
      )}
      <div className="flex flex-wrap items-center justify-between gap-2 border-t border-line px-3 pt-2 pb-1">
        <Link to="/settings/security" onClick={onLeave} className="text-accent">
          {texts.security}
        </Link>
        {unread > 0 && (
          <Button small busy={markRead.isPending} onClick={() => markRead.mutate()}>
            {texts.markRead}
          </Button>
        )}
      </div>
    </div>
  );
}

const Message = ({ message: { title, text, at, isRead } }: { message: InboxMessage }) => (
  <li className="grid gap-0.5 border-t border-line px-3 py-2 first:border-t-0">
    <span className={cx("flex items-baseline justify-between gap-3", !isRead && "font-semibold")}>
      <span className="min-w-0 break-words">{title}</span>
      <span className="shrink-0 text-xs font-normal text-muted">
        <TimeText at={at} />
      </span>
    </span>
    <span className="text-sm break-words text-muted">{text}</span>
  </li>
);
