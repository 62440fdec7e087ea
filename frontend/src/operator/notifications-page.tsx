import type { NotificationLine } from "@trading/contracts/notifications";
import { Chip } from "../ui/feedback.tsx";
import type { Column } from "../ui/table.tsx";
import { TimeText } from "../ui/time.tsx";
import { ListPage, TwoLines } from "./list-page.tsx";
import { texts } from "./texts.ts";
import { useAdmin, useSearch } from "./use-operator.ts";

const t = texts.notifications;
const tones = { none: "plain", waiting: "plain", "passed-on": "good" } as const;

/** What stands behind people's bells, and whether their chats got it; what it says is not shown. */
export function NotificationsPage() {
  const [{ state, chat, page }] = useSearch();
  const list = useAdmin("notificationPage", "/notifications", { state, chat, page, pageSize: 100 });
  return (
    <ListPage
      title={texts.pages.notifications}
      list={list}
      columns={columns}
      rowKey={({ id }) => id}
      phoneRow={(one) => (
        <TwoLines
          first={texts.mails.kinds(one.kind)}
          mark={<Chat line={one} />}
          second={one.userName}
          at={one.createdAt}
        />
      )}
      empty={t.none}
      filters={[
        { name: "state", label: t.anyState, options: t.states },
        { name: "chat", label: t.anyChat, options: t.chats },
      ]}
    />
  );
}

const Chat = ({ line: { chat, chatFailures } }: { line: NotificationLine }) => (
  <span className="flex items-center gap-2">
    <Chip tone={tones[chat]}>{t.chats[chat]}</Chip>
    {chat === "waiting" && chatFailures > 0 && (
      <span className="text-muted">{t.failures(chatFailures)}</span>
    )}
  </span>
);

const columns: readonly Column<NotificationLine>[] = [
  {
    ...{ id: "kind", header: t.kind, width: "minmax(150px,1.2fr)" },
    cell: ({ kind }) => <span className="font-medium">{texts.mails.kinds(kind)}</span>,
  },
  {
    ...{ id: "user", header: t.user, width: "minmax(140px,1fr)" },
    cell: ({ userId, userName }) => (
      <a href={`#/users?user=${userId}`} className="text-accent">
        {userName}
      </a>
    ),
  },
  {
    ...{ id: "at", header: t.at, width: "164px" },
    cell: ({ createdAt }) => <TimeText at={createdAt} />,
  },
  {
    ...{ id: "read", header: t.readAt, width: "164px" },
    cell: ({ readAt }) => (readAt === null ? t.states.unread : <TimeText at={readAt} />),
  },
  {
    ...{ id: "chat", header: t.chat, width: "minmax(160px,1.4fr)" },
    cell: (one) => <Chat line={one} />,
  },
];
