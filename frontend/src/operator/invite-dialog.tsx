import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ask } from "../api/client.ts";
import { useConfirmed } from "../features/security/use-confirmed.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { TextField } from "../ui/field.tsx";
import { ProblemView } from "../ui/problem-view.tsx";
import { TimeText } from "../ui/time.tsx";
import { toast } from "../ui/toast.tsx";
import { texts } from "./texts.ts";
import { useAdmin } from "./use-operator.ts";

const t = texts.invite;

/** Lets somebody make an account: a link by mail, or one to hand over. */
export function InviteDialog({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const [email, setEmail] = useState("");
  const [link, setLink] = useState<string | null>(null);
  const { run, error, isPending, dialog } = useConfirmed({
    act: (body: { email?: string }) =>
      ask("madeInvitation", "/admin/invitations", { method: "POST", body }),
    onDone: (made) => {
      setLink(made.link);
      void client.invalidateQueries({ queryKey: ["admin"] });
    },
  });
  return (
    <>
      <Dialog title={t.title} onClose={onClose}>
        {link === null && <OpenInvitations />}
        {link === null ? (
          <form
            className="grid gap-4"
            onSubmit={(event) => {
              event.preventDefault();
              run(email === "" ? {} : { email });
            }}
          >
            <TextField
              label={t.email}
              help={t.help}
              type="email"
              value={email}
              onChange={setEmail}
            />
            {error !== null && <ProblemView error={error} />}
            <div className="flex justify-end gap-2">
              <Button onClick={onClose}>{texts.cancel}</Button>
              <Button type="submit" look="primary" busy={isPending}>
                {email === "" ? t.make : t.send}
              </Button>
            </div>
          </form>
        ) : (
          <div className="grid gap-3">
            <p>{t.once}</p>
            <code className="rounded border border-line bg-ground p-2 font-mono text-sm break-all">
              {link}
            </code>
            <div className="flex justify-end">
              <Button look="primary" onClick={onClose}>
                {texts.close}
              </Button>
            </div>
          </div>
        )}
      </Dialog>
      {dialog}
    </>
  );
}

/** Links that still let somebody in. */
function OpenInvitations() {
  const { data } = useAdmin("invitationList", "/invitations");
  const client = useQueryClient();
  const { run, isPending, error, dialog } = useConfirmed({
    act: (id: string) => ask("nothing", `/admin/invitations/${id}`, { method: "DELETE" }),
    onDone: () => {
      toast(t.withdrawn);
      void client.invalidateQueries({ queryKey: ["admin"] });
    },
  });
  const open = data?.items.filter(({ state }) => state === "open") ?? [];
  if (open.length === 0) return null;
  return (
    <section aria-label={t.open} className="mb-4 grid gap-1">
      <h3 className="text-sm font-semibold">{t.open}</h3>
      <ul className="max-h-40 overflow-y-auto">
        {open.map(({ id, email, expiresAt }) => (
          <li key={id} className="flex items-center gap-3 py-1">
            <span className="min-w-0 flex-1 break-words">
              {email ?? t.anyGuest}{" "}
              <span className="text-muted">
                {t.until} <TimeText at={expiresAt} />
              </span>
            </span>
            <Button small busy={isPending} onClick={() => run(id)}>
              {t.withdraw}
            </Button>
          </li>
        ))}
      </ul>
      {error !== null && <ProblemView error={error} />}
      {dialog}
    </section>
  );
}
