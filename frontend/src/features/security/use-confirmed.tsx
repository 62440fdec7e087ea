import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ask } from "../../api/client.ts";
import { problemOf } from "../../api/problem.ts";
import { securityQuery } from "../../api/queries.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { ProblemView } from "../../ui/problem-view.tsx";
import { CodeField } from "../auth/code-field.tsx";
import { PasswordField } from "../auth/password-field.tsx";
import { texts } from "./texts.ts";

type Action<Input, Result> = Readonly<{
  act: (input: Input) => Promise<Result>;
  onDone: (result: Result) => void;
}>;

/**
 * An action that the server may want confirmed: then `dialog` asks for password and code, and the action runs again.
 * Place `dialog` beside what starts the action.
 */
export function useConfirmed<Input, Result>({ act, onDone }: Action<Input, Result>) {
  const [waiting, setWaiting] = useState<{ input: Input } | null>(null);
  const { mutate, error, isPending, reset } = useMutation({
    mutationFn: act,
    onSuccess: onDone,
    onError: (problem, input) => {
      if (wantsConfirmation(problem)) setWaiting({ input });
    },
  });
  return {
    run: mutate,
    reset,
    isPending,
    error: error !== null && !wantsConfirmation(error) ? error : null,
    dialog: waiting !== null && (
      <Confirmation
        onClose={() => setWaiting(null)}
        onConfirmed={() => {
          setWaiting(null);
          mutate(waiting.input);
        }}
      />
    ),
  };
}

const wantsConfirmation = (error: unknown) => problemOf(error).code === "confirmation-needed";

function Confirmation({ onClose, onConfirmed }: { onClose: () => void; onConfirmed: () => void }) {
  const security = useQuery(securityQuery).data;
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const { hasPassword = false, hasTotp = false } = security ?? {};
  const confirm = useMutation({
    mutationFn: () =>
      ask("nothing", "/users/me/confirmation", {
        method: "POST",
        body: { ...(hasPassword ? { password } : {}), ...(hasTotp ? { code: code.trim() } : {}) },
      }),
    onSuccess: onConfirmed,
  });
  return (
    <Dialog title={texts.confirmTitle} onClose={onClose}>
      {security !== undefined && !hasPassword && !hasTotp ? (
        <p>{texts.confirmNone}</p>
      ) : (
        <form
          className="grid gap-4"
          onSubmit={(event) => {
            event.preventDefault();
            event.stopPropagation();
            confirm.mutate();
          }}
        >
          {hasPassword && (
            <PasswordField label={texts.current} value={password} onChange={setPassword} />
          )}
          {hasTotp && <CodeField value={code} onChange={setCode} />}
          {confirm.error !== null && <ProblemView error={confirm.error} />}
          <div className="flex justify-end gap-2">
            <Button onClick={onClose}>{texts.cancel}</Button>
            <Button type="submit" look="primary" busy={confirm.isPending}>
              {texts.confirm}
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}
