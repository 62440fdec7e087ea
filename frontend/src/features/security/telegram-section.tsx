import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { telegramQuery } from "../../api/account-queries.ts";
import { ask } from "../../api/client.ts";
import type { Shapes } from "../../api/shapes.ts";
import { Button, buttonClass } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Section } from "../../ui/page.tsx";
import { ProblemView } from "../../ui/problem-view.tsx";
import { TimeText } from "../../ui/time.tsx";
import { texts } from "./texts.ts";
import { useConfirmed } from "./use-confirmed.tsx";

/** The chat is linked elsewhere, by the code: whether it has arrived is asked as long as the code is shown. */
const askAgainMs = 3_000;

/** The Telegram chat that gets what the bell shows; nothing where the operator runs no bot. */
export function TelegramSection() {
  const client = useQueryClient();
  const [code, setCode] = useState<Shapes["telegramCode"] | null>(null);
  const isWaiting = code !== null;
  const { data } = useQuery({ ...telegramQuery, refetchInterval: isWaiting && askAgainMs });
  const isLinked = data?.linkedAs != null;
  const begin = useConfirmed({
    act: (_: null) => ask("telegramCode", "/users/me/telegram", { method: "POST" }),
    onDone: setCode,
  });
  const unlink = useMutation({
    mutationFn: () => ask("nothing", "/users/me/telegram", { method: "DELETE" }),
    onSuccess: () => {
      setCode(null);
      void client.invalidateQueries({ queryKey: telegramQuery.queryKey });
    },
  });
  if (data?.isOffered !== true) return null;
  const error = begin.error ?? unlink.error;
  return (
    <Section title={texts.telegram} className="pb-3">
      <div className="grid gap-2 px-4 max-sm:px-3">
        <p className="text-sm text-muted">
          {data.linkedAs === null ? (
            texts.telegramHelp
          ) : (
            <>
              {texts.telegramLinked(data.linkedAs)} <TimeText at={data.linkedAt} />
            </>
          )}
        </p>
        <div>
          {data.linkedAs === null ? (
            <Button busy={begin.isPending} onClick={() => begin.run(null)}>
              {texts.linkTelegram}
            </Button>
          ) : (
            <Button busy={unlink.isPending} onClick={() => unlink.mutate()}>
              {texts.unlinkTelegram}
            </Button>
          )}
        </div>
        {error !== null && <ProblemView error={error} />}
      </div>
      {code !== null && !isLinked && (
        <Dialog title={texts.linkTelegram} onClose={() => setCode(null)}>
          <div className="grid gap-3">
            <p>{texts.telegramCode}</p>
            <code className="font-mono text-sm break-all select-all">/start {code.code}</code>
            {code.link !== null && (
              <a
                href={code.link}
                target="_blank"
                rel="noreferrer"
                className={buttonClass("primary")}
              >
                {texts.openTelegram}
              </a>
            )}
          </div>
        </Dialog>
      )}
      {begin.dialog}
    </Section>
  );
}
