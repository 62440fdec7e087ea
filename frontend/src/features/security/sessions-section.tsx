import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Session } from "@trading/contracts/security";
import { securityQuery, sessionsQuery } from "../../api/account-queries.ts";
import { ask } from "../../api/client.ts";
import { exchangeSession } from "../../api/session.ts";
import { Button } from "../../ui/button.tsx";
import { Chip } from "../../ui/feedback.tsx";
import { Section } from "../../ui/page.tsx";
import { ProblemView } from "../../ui/problem-view.tsx";
import { TimeText } from "../../ui/time.tsx";
import { toast } from "../../ui/toast.tsx";
import { texts } from "./texts.ts";
import { useConfirmed } from "./use-confirmed.tsx";

/** Every session with device and address; each can be ended, or all others at once. */
export function SessionsSection() {
  const client = useQueryClient();
  const { data, error, refetch } = useQuery(sessionsQuery);
  const done = (told: string) => {
    toast(told);
    void client.invalidateQueries({ queryKey: sessionsQuery.queryKey });
  };
  const end = useMutation({
    mutationFn: (id: string) => ask("nothing", `${all}/${id}`, { method: "DELETE" }),
    onSuccess: () => done(texts.ended),
  });
  const endOthers = useConfirmed({
    act: (_: null) => exchangeSession("DELETE", all),
    onDone: () => {
      done(texts.endedOthers);
      // An address that waited for its link waits no longer.
      void client.invalidateQueries({ queryKey: securityQuery.queryKey });
    },
  });
  const sessions = data?.items ?? [];
  const tools = sessions.length > 1 && (
    <Button small busy={endOthers.isPending} onClick={() => endOthers.run(null)}>
      {texts.endOthers}
    </Button>
  );
  const problem = error ?? end.error ?? endOthers.error;
  return (
    <Section title={texts.sessions} tools={tools} className="pb-3">
      {problem !== null && (
        <ProblemView error={problem} onRetry={() => void refetch()} className="mx-4 mb-2" />
      )}
      <ul>
        {sessions.map((session) => (
          <SessionRow
            key={session.id}
            session={session}
            isBusy={end.isPending}
            onEnd={() => end.mutate(session.id)}
          />
        ))}
      </ul>
      {endOthers.dialog}
    </Section>
  );
}

const all = "/users/me/sessions";

type SessionRowProps = Readonly<{ session: Session; isBusy: boolean; onEnd: () => void }>;

const SessionRow = ({ session, isBusy, onEnd }: SessionRowProps) => (
  <li className="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 border-t border-line px-4 py-1.5 first:border-t-0 max-sm:px-3">
    <div className="grid min-w-0 flex-1 gap-0.5">
      <span className="flex flex-wrap items-center gap-2">
        {session.device}
        {session.isCurrent && <Chip tone="accent">{texts.thisOne}</Chip>}
      </span>
      <span className="text-sm text-muted">
        {texts.from(session.address)} · {texts.lastUsed} <TimeText at={session.usedAt} />
      </span>
    </div>
    {!session.isCurrent && (
      <Button small disabled={isBusy} onClick={onEnd}>
        {texts.end}
      </Button>
    )}
  </li>
);
