import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { ask } from "../api/client.ts";
import { exchangeSession } from "../api/session.ts";
import { useConfirmed } from "../features/security/use-confirmed.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { TextField } from "../ui/field.tsx";
import { ProblemView } from "../ui/problem-view.tsx";
import { toast } from "../ui/toast.tsx";
import { texts } from "./texts.ts";

/** Something an operator does: what it is called, what it means, and how the API is asked. */
export type Deed = Readonly<{
  title: string;
  about: string;
  action: string;
  done: string;
  method: "POST" | "PUT" | "PATCH" | "DELETE";
  path: string;
  body?: Readonly<Record<string, unknown>>;
  isDangerous?: boolean;
  /** Ends this browser's tokens too, and answers with others. */
  exchangesSession?: boolean;
  /** Fields beside the reason. */
  fields?: ReactNode;
  onDone?: (answer: unknown) => void;
}>;

/** Asks why, does it, and tells what came of it; the answer goes into the audit log. */
export function ReasonDialog({ deed, onClose }: { deed: Deed; onClose: () => void }) {
  const client = useQueryClient();
  const [reason, setReason] = useState("");
  const { run, isPending, error, dialog } = useConfirmed({
    act: () => perform(deed, { ...deed.body, reason }),
    onDone: (answer: unknown) => {
      toast(deed.done);
      void client.invalidateQueries();
      deed.onDone?.(answer);
      onClose();
    },
  });
  return (
    <>
      <Dialog title={deed.title} onClose={onClose}>
        <form
          className="grid gap-4"
          onSubmit={(event) => {
            event.preventDefault();
            run(undefined);
          }}
        >
          <p>{deed.about}</p>
          {deed.fields}
          <TextField
            label={texts.reason}
            help={texts.reasonHelp}
            value={reason}
            onChange={setReason}
            required
            minLength={3}
            maxLength={300}
          />
          {error !== null && <ProblemView error={error} />}
          <div className="flex flex-wrap justify-end gap-2">
            <Button onClick={onClose}>{texts.cancel}</Button>
            <Button
              type="submit"
              look={deed.isDangerous === true ? "danger" : "primary"}
              busy={isPending}
            >
              {deed.action}
            </Button>
          </div>
        </form>
      </Dialog>
      {dialog}
    </>
  );
}

const perform = (
  { method, path, exchangesSession = false }: Deed,
  body: object,
): Promise<unknown> =>
  exchangesSession ? exchangeSession(method, path, body) : ask("nothing", path, { method, body });

/** A dialog that waits to be opened with a deed. */
export function useDeed(): readonly [(deed: Deed) => void, ReactNode] {
  const [deed, setDeed] = useState<Deed | null>(null);
  return [
    setDeed,
    deed !== null && <ReasonDialog key={deed.path} deed={deed} onClose={() => setDeed(null)} />,
  ];
}
