import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { securityQuery } from "../../api/account-queries.ts";
import { ask, saveFile } from "../../api/client.ts";
import { signOut } from "../../api/session.ts";
import { Button } from "../../ui/button.tsx";
import { ConfirmDialog } from "../../ui/dialog.tsx";
import { Section } from "../../ui/page.tsx";
import { ProblemView } from "../../ui/problem-view.tsx";
import { toast } from "../../ui/toast.tsx";
import { texts } from "./texts.ts";
import { useConfirmed } from "./use-confirmed.tsx";

/** What is stored under one's name: to take along, or to leave behind with the account. */
export function DataSection() {
  const { data: security } = useQuery(securityQuery);
  const [isLeaving, setLeaving] = useState(false);
  const take = useConfirmed({
    act: (_: null) => saveFile("/users/me/export", "my-data.json"),
    onDone: () => toast(texts.exported),
  });
  const close = useConfirmed({
    act: (_: null) => ask("nothing", "/users/me", { method: "DELETE" }),
    onDone: () => {
      toast(texts.closed);
      void signOut();
    },
  });
  const error = take.error ?? close.error;
  return (
    <Section title={texts.yourData} className="pb-3">
      <div className="grid gap-2 px-4 max-sm:px-3">
        <p className="text-sm text-muted">{texts.yourDataHelp}</p>
        <div className="flex flex-wrap gap-2">
          <Button busy={take.isPending} onClick={() => take.run(null)}>
            {texts.exportData}
          </Button>
          <Button busy={close.isPending} onClick={() => setLeaving(true)}>
            {texts.closeAccount}
          </Button>
        </div>
        {error !== null && <ProblemView error={error} />}
      </div>
      {isLeaving && (
        <ConfirmDialog
          title={texts.closeTitle}
          action={texts.closeAccount}
          cancel={texts.cancel}
          onClose={() => setLeaving(false)}
          onConfirm={() => {
            setLeaving(false);
            close.run(null);
          }}
        >
          {texts.closeText} {security?.emailProven === false ? texts.closeFinal : texts.closeUndone}
        </ConfirmDialog>
      )}
      {take.dialog}
      {close.dialog}
    </Section>
  );
}
