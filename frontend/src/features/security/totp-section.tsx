import { useQueryClient } from "@tanstack/react-query";
import type { Security } from "@trading/contracts/security";
import { useState } from "react";
import { securityQuery } from "../../api/account-queries.ts";
import { ask } from "../../api/client.ts";
import type { Shapes } from "../../api/shapes.ts";
import { Button } from "../../ui/button.tsx";
import { ConfirmDialog } from "../../ui/dialog.tsx";
import { Chip } from "../../ui/feedback.tsx";
import { Section } from "../../ui/page.tsx";
import { ProblemView } from "../../ui/problem-view.tsx";
import { toast } from "../../ui/toast.tsx";
import { RecoveryCodes } from "./recovery-codes.tsx";
import { texts } from "./texts.ts";
import { TotpDialog } from "./totp-dialog.tsx";
import { useConfirmed } from "./use-confirmed.tsx";

/** The authenticator app: off, being set up, or on with its recovery codes. */
export function TotpSection({ security }: { security: Security }) {
  const { hasTotp, passkeys, recoveryCodesLeft } = security;
  const client = useQueryClient();
  const [setup, setSetup] = useState<Shapes["totpSetup"] | null>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const [isLeaving, setLeaving] = useState(false);
  const renew = () => void client.invalidateQueries({ queryKey: securityQuery.queryKey });

  const begin = useConfirmed({
    act: (_: null) => ask("totpSetup", "/users/me/totp", { method: "POST" }),
    onDone: setSetup,
  });
  const more = useConfirmed({
    act: (_: null) => ask("recoveryCodes", "/users/me/recovery-codes", { method: "POST" }),
    onDone: (answer) => {
      setCodes(answer.codes);
      renew();
    },
  });
  const turnOff = useConfirmed({
    act: (_: null) => ask("nothing", "/users/me/totp", { method: "DELETE" }),
    onDone: () => {
      toast(texts.turnedOff);
      renew();
    },
  });
  const error = begin.error ?? more.error ?? turnOff.error;
  return (
    <Section title={texts.factor} className="pb-3">
      <div className="grid gap-2 px-4 max-sm:px-3">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
          <Chip tone={hasTotp ? "good" : "plain"}>{hasTotp ? texts.on : texts.off}</Chip>
          <span className="text-sm text-muted">
            {[
              hasTotp ? texts.factorOn : passkeys === 0 && texts.factorOff,
              (hasTotp || passkeys > 0) && `${texts.codesLeft(recoveryCodesLeft)}.`,
            ]
              .filter(Boolean)
              .join(" ")}
          </span>
        </div>
        <div className="flex flex-wrap gap-2">
          {(hasTotp || passkeys > 0) && (
            <Button busy={more.isPending} onClick={() => more.run(null)}>
              {texts.newCodes}
            </Button>
          )}
          {hasTotp ? (
            <Button busy={turnOff.isPending} onClick={() => setLeaving(true)}>
              {texts.turnOff}
            </Button>
          ) : (
            <Button busy={begin.isPending} onClick={() => begin.run(null)}>
              {texts.setUp}
            </Button>
          )}
        </div>
        {error !== null && <ProblemView error={error} />}
      </div>
      {setup !== null && (
        <TotpDialog
          setup={setup}
          onClose={() => setSetup(null)}
          onDone={(made) => {
            setSetup(null);
            setCodes(made);
            renew();
          }}
        />
      )}
      {codes !== null && <RecoveryCodes codes={codes} onClose={() => setCodes(null)} />}
      {isLeaving && (
        <ConfirmDialog
          title={texts.turnOffTitle}
          action={texts.turnOff}
          cancel={texts.cancel}
          onClose={() => setLeaving(false)}
          onConfirm={() => {
            setLeaving(false);
            turnOff.run(null);
          }}
        >
          {texts.turnOffText}
        </ConfirmDialog>
      )}
      {begin.dialog}
      {more.dialog}
      {turnOff.dialog}
    </Section>
  );
}
