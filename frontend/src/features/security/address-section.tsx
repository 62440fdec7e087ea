import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Security } from "@trading/contracts/security";
import { useState } from "react";
import { securityQuery } from "../../api/account-queries.ts";
import { ask } from "../../api/client.ts";
import { siteQuery } from "../../api/queries.ts";
import { Button } from "../../ui/button.tsx";
import { Chip } from "../../ui/feedback.tsx";
import { TextField } from "../../ui/field.tsx";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { Section } from "../../ui/page.tsx";
import { ProblemView } from "../../ui/problem-view.tsx";
import { toast } from "../../ui/toast.tsx";
import { texts } from "./texts.ts";
import { useConfirmed } from "./use-confirmed.tsx";

/** The address, whether it is confirmed, and how another takes its place. */
export function AddressSection({ security }: { security: Security }) {
  const { email, emailProven, pendingEmail } = security;
  const sendsNone = useQuery(siteQuery).data?.mail === "none";
  const [isChanging, setChanging] = useState(false);
  const resend = useMutation({
    mutationFn: () => ask("nothing", "/users/me/email/link", { method: "POST" }),
    onSuccess: () => toast(texts.resent),
  });
  return (
    <Section title={texts.address} className="pb-3">
      <div className="grid gap-2 px-4 max-sm:px-3">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
          <span className="min-w-0 break-all">{email}</span>
          <Chip tone={emailProven ? "good" : "attention"}>
            {emailProven ? texts.confirmed : texts.unconfirmed}
          </Chip>
        </div>
        {sendsNone ? (
          <p className="text-sm text-muted">{texts.noMail}</p>
        ) : (
          !emailProven &&
          pendingEmail === null && <p className="text-sm text-muted">{texts.unconfirmedHelp}</p>
        )}
        {pendingEmail !== null && (
          <p className="text-sm break-words text-muted">{texts.pending(pendingEmail)}</p>
        )}
        <div className="flex flex-wrap gap-2">
          <Button disabled={sendsNone} onClick={() => setChanging(true)}>
            {texts.changeAddress}
          </Button>
          {!sendsNone && (!emailProven || pendingEmail !== null) && (
            <Button busy={resend.isPending} onClick={() => resend.mutate()}>
              {texts.resend}
            </Button>
          )}
        </div>
        {resend.error !== null && <ProblemView error={resend.error} />}
      </div>
      {isChanging && <AddressDialog onClose={() => setChanging(false)} />}
    </Section>
  );
}

function AddressDialog({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const [email, setEmail] = useState("");
  const change = useConfirmed({
    act: (next: string) =>
      ask("nothing", "/users/me/email", { method: "PUT", body: { email: next } }),
    onDone: () => {
      void client.invalidateQueries({ queryKey: securityQuery.queryKey });
      toast(texts.resent);
      onClose();
    },
  });
  return (
    <FormDialog
      title={texts.changeAddress}
      action={texts.sendLink}
      doing={change}
      onSubmit={() => change.run(email.trim())}
      onClose={onClose}
    >
      <TextField
        label={texts.newAddress}
        type="email"
        autoComplete="email"
        required
        maxLength={254}
        value={email}
        onChange={setEmail}
      />
    </FormDialog>
  );
}
