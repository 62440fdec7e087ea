import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ask } from "../api/client.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { TextField } from "../ui/field.tsx";
import { ProblemView } from "../ui/problem-view.tsx";
import { texts } from "./texts.ts";

const t = texts.invite;

/** Lets somebody make an account: a link by mail, or one to hand over. */
export function InviteDialog({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const [email, setEmail] = useState("");
  const { mutate, data, error, isPending } = useMutation({
    mutationFn: () =>
      ask("madeInvitation", "/admin/invitations", {
        method: "POST",
        body: email === "" ? {} : { email },
      }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["admin"] }),
  });
  return (
    <Dialog title={t.title} onClose={onClose}>
      {data === undefined ? (
        <form
          className="grid gap-4"
          onSubmit={(event) => {
            event.preventDefault();
            mutate();
          }}
        >
          <TextField label={t.email} help={t.help} type="email" value={email} onChange={setEmail} />
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
            {data.link}
          </code>
          <div className="flex justify-end">
            <Button look="primary" onClick={onClose}>
              {texts.close}
            </Button>
          </div>
        </div>
      )}
    </Dialog>
  );
}
