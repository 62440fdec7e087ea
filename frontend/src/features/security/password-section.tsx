import { useQueryClient } from "@tanstack/react-query";
import type { Security } from "@trading/contracts/security";
import { useState } from "react";
import { problemOf } from "../../api/problem.ts";
import { exchangeSession } from "../../api/session.ts";
import { Button } from "../../ui/button.tsx";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { Section } from "../../ui/page.tsx";
import { toast } from "../../ui/toast.tsx";
import { PasswordField } from "../auth/password-field.tsx";
import { texts } from "./texts.ts";
import { useConfirmed } from "./use-confirmed.tsx";

/** Whether there is a password, and how to change it. */
export function PasswordSection({ security: { hasPassword } }: { security: Security }) {
  const [isChanging, setChanging] = useState(false);
  return (
    <Section title={texts.password} className="pb-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2 px-4 max-sm:px-3">
        <Button onClick={() => setChanging(true)}>
          {hasPassword ? texts.changePassword : texts.setPassword}
        </Button>
        <span className="text-sm text-muted">
          {hasPassword ? texts.hasPassword : texts.noPassword}
        </span>
      </div>
      {isChanging && <PasswordDialog hasOne={hasPassword} onClose={() => setChanging(false)} />}
    </Section>
  );
}

function PasswordDialog({ hasOne, onClose }: { hasOne: boolean; onClose: () => void }) {
  const client = useQueryClient();
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const change = useConfirmed({
    act: (body: { current: string | null; password: string }) =>
      exchangeSession("PUT", "/users/me/password", body),
    onDone: () => {
      void client.invalidateQueries();
      toast(texts.passwordChanged);
      onClose();
    },
  });
  const title = hasOne ? texts.changePassword : texts.setPassword;
  const refusal = change.error === null ? undefined : problemOf(change.error).errors?.[0]?.message;
  return (
    <FormDialog
      title={title}
      action={title}
      doing={refusal === undefined ? change : { ...change, error: null }}
      onSubmit={() => change.run({ current: hasOne ? current : null, password: next })}
      onClose={onClose}
    >
      {hasOne && <PasswordField label={texts.current} value={current} onChange={setCurrent} />}
      <PasswordField isNew label={texts.next} value={next} onChange={setNext} error={refusal} />
    </FormDialog>
  );
}
