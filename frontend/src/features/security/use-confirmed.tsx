import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { securityQuery } from "../../api/account-queries.ts";
import { ask } from "../../api/client.ts";
import { signedCredential } from "../../api/passkeys.ts";
import { problemOf } from "../../api/problem.ts";
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
  const { hasPassword = false, hasTotp = false, passkeys = 0 } = security ?? {};
  const needsCode = hasTotp || passkeys > 0;
  const confirm = useMutation({
    mutationFn: async (by: "words" | "passkey") =>
      ask("nothing", "/users/me/confirmation", {
        method: "POST",
        body:
          by === "passkey"
            ? { passkey: await signedCredential("confirmation") }
            : { ...(hasPassword ? { password } : {}), ...(needsCode ? { code: code.trim() } : {}) },
      }),
    onSuccess: onConfirmed,
  });
  return (
    <Dialog title={texts.confirmTitle} onClose={onClose}>
      {security !== undefined && !hasPassword && !needsCode ? (
        <p>{texts.confirmNone}</p>
      ) : (
        <form
          className="grid gap-4"
          onSubmit={(event) => {
            event.preventDefault();
            event.stopPropagation();
            confirm.mutate("words");
          }}
        >
          {hasPassword && (
            <PasswordField label={texts.current} value={password} onChange={setPassword} />
          )}
          {needsCode && <CodeField value={code} onChange={setCode} />}
          {confirm.error !== null && <ProblemView error={confirm.error} />}
          <div className="flex flex-wrap justify-end gap-2">
            <Button onClick={onClose}>{texts.cancel}</Button>
            {passkeys > 0 && (
              <Button busy={confirm.isPending} onClick={() => confirm.mutate("passkey")}>
                {texts.usePasskey}
              </Button>
            )}
            <Button type="submit" look="primary" busy={confirm.isPending}>
              {texts.confirm}
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}
