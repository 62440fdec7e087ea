import { useQuery } from "@tanstack/react-query";
import type { CaughtMail } from "@trading/contracts/mail";
import { useState } from "react";
import { mailboxQuery } from "../../api/account-queries.ts";
import { BackLink } from "../../router/back-link.tsx";
import { buttonClass } from "../../ui/button.tsx";
import { cx } from "../../ui/cx.ts";
import { EmptyState } from "../../ui/feedback.tsx";
import { Page } from "../../ui/page.tsx";
import { ProblemView } from "../../ui/problem-view.tsx";
import { Segmented } from "../../ui/segmented.tsx";
import { TimeText } from "../../ui/time.tsx";
import { texts } from "./texts.ts";

/** The mails that development caught instead of sending, for operators. */
export function MailboxPage() {
  const { data, error, refetch } = useQuery(mailboxQuery);
  const [chosen, setChosen] = useState<string | null>(null);
  const mails = data?.items ?? [];
  const mail = mails.find(({ id }) => id === chosen) ?? mails[0];
  return (
    <Page
      title={texts.title}
      tools={<BackLink to="/settings">{texts.back}</BackLink>}
      scroll={false}
    >
      {error !== null && (
        <ProblemView error={error} onRetry={() => void refetch()} className="m-4" />
      )}
      {data !== undefined && mail === undefined && <EmptyState>{texts.empty}</EmptyState>}
      {mail !== undefined && (
        <div className="flex min-h-0 flex-1 max-sm:flex-col">
          <ul
            aria-label={texts.mails}
            className="w-80 shrink-0 overflow-auto border-r border-line max-sm:max-h-[35%] max-sm:w-full max-sm:border-r-0 max-sm:border-b"
          >
            {mails.map((one) => (
              <li key={one.id}>
                <MailLine mail={one} isChosen={one.id === mail.id} onChoose={setChosen} />
              </li>
            ))}
          </ul>
          <MailView key={mail.id} mail={mail} />
        </div>
      )}
    </Page>
  );
}

type MailLineProps = Readonly<{
  mail: CaughtMail;
  isChosen: boolean;
  onChoose: (id: string) => void;
}>;

const MailLine = ({ mail, isChosen, onChoose }: MailLineProps) => (
  <button
    type="button"
    aria-pressed={isChosen}
    onClick={() => onChoose(mail.id)}
    className={cx(
      "grid w-full grid-cols-[minmax(0,1fr)] gap-0.5 border-b border-line px-4 py-2 text-left -outline-offset-2 hover:bg-hover max-sm:px-3",
      isChosen && "bg-hover",
    )}
  >
    <span className="truncate">{mail.subject}</span>
    <span className="flex justify-between gap-3 text-sm text-muted">
      <span className="truncate">{texts.to(mail.recipient)}</span>
      <TimeText at={mail.at} />
    </span>
  </button>
);

function MailView({ mail }: { mail: CaughtMail }) {
  const [look, setLook] = useState<"html" | "text">("html");
  const link = /^https?:\/\/\S+$/m.exec(mail.text)?.[0];
  return (
    <article aria-label={mail.subject} className="flex min-h-0 min-w-0 flex-1 flex-col">
      <header className="flex flex-wrap items-center gap-2 border-b border-line px-4 py-1.5 max-sm:px-3">
        <Segmented
          label={texts.look}
          value={look}
          onChange={setLook}
          options={[
            { value: "html", label: texts.looks.html },
            { value: "text", label: texts.looks.text },
          ]}
        />
        {link !== undefined && (
          <a
            href={link}
            target="_blank"
            rel="noreferrer"
            className={cx(buttonClass("plain", true), "ml-auto")}
          >
            {texts.openLink}
          </a>
        )}
      </header>
      {look === "html" ? (
        // Without any permission: a mail runs no script and reaches nothing of this page.
        <iframe
          title={mail.subject}
          sandbox=""
          srcDoc={mail.html}
          className="min-h-0 w-full flex-1 bg-white"
        />
      ) : (
        <pre className="min-h-0 flex-1 overflow-auto p-4 font-mono text-sm break-words whitespace-pre-wrap">
          {mail.text}
        </pre>
      )}
    </article>
  );
}
