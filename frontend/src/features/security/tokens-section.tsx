import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ApiToken } from "@trading/contracts/api-tokens";
import { useState } from "react";
import { apiTokensQuery } from "../../api/account-queries.ts";
import { ask } from "../../api/client.ts";
import { Button } from "../../ui/button.tsx";
import { ConfirmDialog } from "../../ui/dialog.tsx";
import { Chip } from "../../ui/feedback.tsx";
import { Section } from "../../ui/page.tsx";
import { ProblemView } from "../../ui/problem-view.tsx";
import { TimeText } from "../../ui/time.tsx";
import { toast } from "../../ui/toast.tsx";
import { texts } from "./texts.ts";
import { TokenDialog } from "./token-dialog.tsx";

/** Keys for programs: what each may do, until when, and when it was last used. */
export function TokensSection() {
  const client = useQueryClient();
  const { data, error, refetch } = useQuery(apiTokensQuery);
  const [isMaking, setMaking] = useState(false);
  const [leaving, setLeaving] = useState<ApiToken | null>(null);
  const renew = () => void client.invalidateQueries({ queryKey: apiTokensQuery.queryKey });
  const end = useMutation({
    mutationFn: (id: string) => ask("nothing", `/users/me/tokens/${id}`, { method: "DELETE" }),
    onSuccess: () => {
      toast(texts.tokenEnded);
      renew();
    },
  });
  const problem = error ?? end.error;
  return (
    <Section title={texts.tokens} className="pb-3">
      <div className="grid gap-2 px-4 pb-2 max-sm:px-3">
        <p className="text-sm text-muted">{texts.tokensHelp}</p>
        <div>
          <Button onClick={() => setMaking(true)}>{texts.makeToken}</Button>
        </div>
        {problem !== null && <ProblemView error={problem} onRetry={() => void refetch()} />}
      </div>
      <ul aria-label={texts.tokens}>
        {data?.items.map((token) => (
          <TokenRow key={token.id} token={token} onEnd={() => setLeaving(token)} />
        ))}
      </ul>
      {isMaking && <TokenDialog onClose={() => setMaking(false)} onMade={renew} />}
      {leaving !== null && (
        <ConfirmDialog
          title={texts.endToken(leaving.name)}
          action={texts.endIt}
          cancel={texts.cancel}
          onClose={() => setLeaving(null)}
          onConfirm={() => {
            end.mutate(leaving.id);
            setLeaving(null);
          }}
        >
          {texts.endTokenText}
        </ConfirmDialog>
      )}
    </Section>
  );
}

const TokenRow = ({ token, onEnd }: { token: ApiToken; onEnd: () => void }) => {
  const hasEnded = Date.parse(token.expiresAt) <= Date.now();
  return (
    <li className="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 border-t border-line px-4 py-1.5 max-sm:px-3">
      <div className="grid min-w-40 flex-1 gap-0.5">
        <span className="flex flex-wrap items-center gap-2 break-words">
          {token.name}
          <code className="font-mono text-sm text-muted">{token.prefix}…</code>
          {token.scopes.map((scope) => (
            <Chip key={scope} tone={scope === "read" ? "plain" : "attention"}>
              {texts.scopes[scope].label}
            </Chip>
          ))}
        </span>
        <span className="text-sm text-muted">
          {hasEnded ? texts.endedAt : texts.endsAt}{" "}
          <TimeText at={token.expiresAt} precision="day" /> ·{" "}
          {token.usedAt === null ? (
            texts.neverUsed
          ) : (
            <>
              {texts.lastUsed} <TimeText at={token.usedAt} />
              {token.usedFrom !== null && ` ${texts.from(token.usedFrom)}`}
            </>
          )}
          {token.networks.length > 0 && ` · ${texts.onlyFrom(token.networks.join(", "))}`}
        </span>
      </div>
      <Button small onClick={onEnd}>
        {hasEnded ? texts.remove : texts.endIt}
      </Button>
    </li>
  );
};
