import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { Passkey } from "@trading/contracts/passkeys";
import { useState } from "react";
import { passkeysQuery, securityQuery } from "../../api/account-queries.ts";
import { ask } from "../../api/client.ts";
import { hasPasskeys, makeCredential } from "../../api/passkeys.ts";
import { exchangeSession } from "../../api/session.ts";
import { Button } from "../../ui/button.tsx";
import { ConfirmDialog } from "../../ui/dialog.tsx";
import { TextField } from "../../ui/field.tsx";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { Section } from "../../ui/page.tsx";
import { ProblemView } from "../../ui/problem-view.tsx";
import { TimeText } from "../../ui/time.tsx";
import { toast } from "../../ui/toast.tsx";
import { NameDialog } from "./name-dialog.tsx";
import { RecoveryCodes } from "./recovery-codes.tsx";
import { texts } from "./texts.ts";
import { useConfirmed } from "./use-confirmed.tsx";

/** Passkeys: made on this device or another, named, and removed again. */
export function PasskeysSection() {
  const client = useQueryClient();
  const { data, error, refetch } = useQuery(passkeysQuery);
  const [dialog, setDialog] = useState<Dialogs>({ kind: "none" });
  const close = () => setDialog({ kind: "none" });
  const renew = () => {
    void client.invalidateQueries({ queryKey: passkeysQuery.queryKey });
    void client.invalidateQueries({ queryKey: securityQuery.queryKey });
  };
  const remove = useConfirmed({
    act: ({ id }: Passkey) => ask("nothing", `/users/me/passkeys/${id}`, { method: "DELETE" }),
    onDone: () => {
      toast(texts.passkeyRemoved);
      renew();
    },
  });
  const problem = error ?? remove.error;
  return (
    <Section title={texts.passkeys} className="pb-3">
      <div className="grid gap-2 px-4 pb-2 max-sm:px-3">
        <p className="text-sm text-muted">{texts.passkeysHelp}</p>
        <div>
          <Button disabled={!hasPasskeys()} onClick={() => setDialog({ kind: "add" })}>
            {texts.addPasskey}
          </Button>
        </div>
        {!hasPasskeys() && <p className="text-sm text-muted">{texts.noPasskeys}</p>}
        {problem !== null && <ProblemView error={problem} onRetry={() => void refetch()} />}
      </div>
      <ul aria-label={texts.passkeys}>
        {data?.items.map((passkey) => (
          <PasskeyRow
            key={passkey.id}
            passkey={passkey}
            onRename={() => setDialog({ kind: "rename", passkey })}
            onRemove={() => setDialog({ kind: "remove", passkey })}
          />
        ))}
      </ul>
      {dialog.kind === "add" && (
        <AddDialog
          onClose={close}
          onDone={(codes) => {
            setDialog(codes.length === 0 ? { kind: "none" } : { kind: "codes", codes });
            toast(texts.passkeyAdded);
            renew();
          }}
        />
      )}
      {dialog.kind === "codes" && <RecoveryCodes codes={dialog.codes} onClose={close} />}
      {dialog.kind === "rename" && (
        <NameDialog
          title={texts.rename}
          name={dialog.passkey.name}
          save={(name) =>
            ask("passkey", `/users/me/passkeys/${dialog.passkey.id}`, {
              method: "PATCH",
              body: { name },
            })
          }
          onDone={renew}
          onClose={close}
        />
      )}
      {dialog.kind === "remove" && (
        <ConfirmDialog
          title={texts.removePasskey(dialog.passkey.name)}
          action={texts.remove}
          cancel={texts.cancel}
          onClose={close}
          onConfirm={() => {
            close();
            remove.run(dialog.passkey);
          }}
        >
          {texts.removePasskeyText}
        </ConfirmDialog>
      )}
      {remove.dialog}
    </Section>
  );
}

type Dialogs =
  | { kind: "none" | "add" }
  | { kind: "rename" | "remove"; passkey: Passkey }
  | { kind: "codes"; codes: readonly string[] };

type RowProps = Readonly<{ passkey: Passkey; onRename: () => void; onRemove: () => void }>;

const PasskeyRow = ({ passkey, onRename, onRemove }: RowProps) => (
  <li className="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 border-t border-line px-4 py-1.5 max-sm:px-3">
    <div className="grid min-w-40 flex-1 gap-0.5">
      <span className="break-words">{passkey.name}</span>
      <span className="text-sm text-muted">
        {passkey.isSynced ? texts.synced : texts.onOneDevice} ·{" "}
        {passkey.usedAt === null ? (
          texts.neverUsed
        ) : (
          <>
            {texts.lastUsed} <TimeText at={passkey.usedAt} />
          </>
        )}
      </span>
    </div>
    <Button small onClick={onRename}>
      {texts.rename}
    </Button>
    <Button small onClick={onRemove}>
      {texts.remove}
    </Button>
  </li>
);

type AddProps = Readonly<{ onClose: () => void; onDone: (codes: readonly string[]) => void }>;

/** A name first, then the device asks by itself. */
function AddDialog({ onClose, onDone }: AddProps) {
  const [name, setName] = useState("");
  const add = useConfirmed({
    act: async (given: string) => {
      const body = { name: given, credential: await makeCredential() };
      return exchangeSession<"madePasskey">("POST", "/users/me/passkeys", body);
    },
    onDone: ({ codes }) => onDone(codes),
  });
  return (
    <FormDialog
      title={texts.addPasskey}
      action={texts.goOn}
      doing={add}
      onSubmit={() => add.run(name.trim())}
      onClose={onClose}
    >
      <p>{texts.addPasskeyText}</p>
      <TextField
        label={texts.passkeyName}
        help={texts.passkeyNameHelp}
        required
        maxLength={60}
        value={name}
        onChange={setName}
      />
    </FormDialog>
  );
}
