import type { MailLine } from "@trading/contracts/admin";
import { useState } from "react";
import { ask } from "../api/client.ts";
import { useConfirmed } from "../features/security/use-confirmed.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Chip, Skeleton } from "../ui/feedback.tsx";
import { Select } from "../ui/field.tsx";
import { ProblemView } from "../ui/problem-view.tsx";
import { SidePanel } from "../ui/side-panel.tsx";
import type { Column } from "../ui/table.tsx";
import { TimeText } from "../ui/time.tsx";
import { toast } from "../ui/toast.tsx";
import { FactList } from "./fact-list.tsx";
import { ListPage, TwoLines } from "./list-page.tsx";
import { OperatorsOnly } from "./operators-only.tsx";
import { type Deed, useDeed } from "./reason-dialog.tsx";
import { texts } from "./texts.ts";
import { useAdmin, useMayOperate, useSearch } from "./use-operator.ts";

const t = texts.mails;
const tones = { queued: "plain", sent: "good", dead: "bad" } as const;

/** Whether mails went out; dead letters go out again. What they say to whom is not shown. */
export function MailsPage() {
  const [{ state, page, mail }, set, open] = useSearch();
  const list = useAdmin("mailPage", "/mails", { state, page, pageSize: 100 });
  const [begin, dialog] = useDeed();
  const chosen = list.data?.items.find(({ id }) => id === mail);
  const [isPreviewing, setPreviewing] = useState(false);
  const test = useConfirmed({
    act: () => ask("nothing", "/admin/mail-test", { method: "POST" }),
    onDone: () => toast(t.tested),
  });
  return (
    <>
      <ListPage
        title={texts.pages.mails}
        list={list}
        columns={columnsFor(begin)}
        rowKey={({ id }) => id}
        phoneRow={(one) => (
          <TwoLines
            first={t.kinds(one.kind)}
            mark={<State mail={one} />}
            second={one.recipient}
            at={one.createdAt}
          />
        )}
        empty={t.none}
        filters={[{ name: "state", label: t.anyState, options: t.states }]}
        tools={
          <>
            <Button small onClick={() => setPreviewing(true)}>
              {t.preview}
            </Button>
            <OperatorsOnly>
              <Button small busy={test.isPending} onClick={() => test.run(undefined)}>
                {t.test}
              </Button>
            </OperatorsOnly>
          </>
        }
        onOpen={({ id }) => open({ mail: id })}
        selected={mail}
        aside={
          chosen !== undefined && (
            <MailPanel mail={chosen} begin={begin} onClose={() => set({ page, mail: undefined })} />
          )
        }
        above={test.error !== null && <ProblemView error={test.error} className="m-4" />}
      />
      {isPreviewing && <Previews onClose={() => setPreviewing(false)} />}
      {dialog}
      {test.dialog}
    </>
  );
}

type Begin = (deed: Deed) => void;

const State = ({ mail: { state } }: { mail: MailLine }) => (
  <Chip tone={tones[state]}>{t.states[state]}</Chip>
);

type ResendProps = Readonly<{ mail: MailLine; begin: Begin; look?: "quiet" | "plain" }>;

const Resend = ({ mail, begin, look = "quiet" }: ResendProps) =>
  mail.canResend && (
    <OperatorsOnly>
      <Button
        small
        look={look}
        onClick={() =>
          begin({
            ...{ title: t.resend, about: t.resendAbout(mail.recipient), action: t.resend },
            ...{ done: t.resent, method: "POST", path: `/admin/mails/${mail.id}/resend` },
          })
        }
      >
        {t.resend}
      </Button>
    </OperatorsOnly>
  );

const columnsFor = (begin: Begin): readonly Column<MailLine>[] => [
  {
    ...{ id: "kind", header: t.kind, width: "minmax(150px,1.2fr)" },
    cell: ({ kind }) => <span className="font-medium">{t.kinds(kind)}</span>,
  },
  { id: "to", header: t.to, width: "minmax(180px,1.6fr)", cell: ({ recipient }) => recipient },
  {
    ...{ id: "state", header: t.state, width: "110px" },
    cell: (one) => <State mail={one} />,
  },
  { id: "tries", header: t.tries, width: "70px", align: "right", cell: (one) => one.attempts },
  {
    ...{ id: "error", header: t.error, width: "minmax(160px,2fr)" },
    cell: ({ lastError }) => <span className="text-muted">{lastError ?? ""}</span>,
  },
  {
    ...{ id: "at", header: t.at, width: "164px" },
    cell: ({ createdAt }) => <TimeText at={createdAt} />,
  },
  {
    ...{ id: "action", header: texts.action, width: "120px" },
    cell: (one) => <Resend mail={one} begin={begin} />,
  },
];

type MailPanelProps = Readonly<{ mail: MailLine; begin: Begin; onClose: () => void }>;

const MailPanel = ({ mail, begin, onClose }: MailPanelProps) => (
  <SidePanel
    label={t.kind}
    title={<h2 className="truncate font-semibold">{t.kinds(mail.kind)}</h2>}
    onClose={onClose}
    {...(useMayOperate() &&
      mail.canResend && { footer: <Resend look="plain" mail={mail} begin={begin} /> })}
  >
    <FactList
      facts={[
        [t.to, mail.recipient],
        [
          t.user,
          <a key="user" href={`#/users?user=${mail.userId}`} className="text-accent">
            {mail.userName}
          </a>,
        ],
        [t.state, <State key="state" mail={mail} />],
        [t.tries, mail.attempts],
        [t.at, <TimeText key="at" at={mail.createdAt} precision="second" />],
        mail.endedAt === null
          ? null
          : [t.endedAt, <TimeText key="ended" at={mail.endedAt} precision="second" />],
        mail.lastError === null ? null : [t.error, mail.lastError],
      ]}
    />
  </SidePanel>
);

function Previews({ onClose }: { onClose: () => void }) {
  const { data, error } = useAdmin("mailPreviewList", "/mail-previews");
  const [kind, setKind] = useState("");
  const shown = data?.items.find((one) => one.kind === kind) ?? data?.items[0];
  return (
    <Dialog title={t.preview} onClose={onClose} wide>
      {error !== null && <ProblemView error={error} />}
      {shown === undefined ? (
        <Skeleton className="h-100" />
      ) : (
        <div className="grid gap-3">
          <Select
            aria-label={t.kind}
            value={shown.kind}
            onChange={setKind}
            options={(data?.items ?? []).map((one) => ({
              value: one.kind,
              label: t.kinds(one.kind),
            }))}
          />
          <p className="font-medium">{shown.subject}</p>
          <iframe
            title={shown.subject}
            sandbox=""
            srcDoc={shown.html}
            className="h-110 w-full border border-line bg-white"
          />
        </div>
      )}
    </Dialog>
  );
}
