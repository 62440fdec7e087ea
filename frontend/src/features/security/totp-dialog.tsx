import { useMemo, useState } from "react";
import { renderSVG } from "uqr";
import { exchangeSession } from "../../api/session.ts";
import type { Shapes } from "../../api/shapes.ts";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { CodeField } from "../auth/code-field.tsx";
import { texts } from "./texts.ts";
import { useConfirmed } from "./use-confirmed.tsx";

type TotpDialogProps = Readonly<{
  setup: Shapes["totpSetup"];
  onClose: () => void;
  onDone: (codes: readonly string[]) => void;
}>;

/** Gives the key to an authenticator app, and takes its first code as the sign that it arrived. */
export function TotpDialog({ setup: { secret, address }, onClose, onDone }: TotpDialogProps) {
  const [code, setCode] = useState("");
  const picture = useMemo(
    () => `data:image/svg+xml,${encodeURIComponent(renderSVG(address, { border: 2 }))}`,
    [address],
  );
  const turnOn = useConfirmed({
    act: (shown: string) =>
      exchangeSession<"factorAdded">("PUT", "/users/me/totp", { code: shown }),
    onDone: ({ codes }) => onDone(codes),
  });
  return (
    <FormDialog
      title={texts.setUp}
      action={texts.turnOn}
      doing={turnOn}
      onSubmit={() => turnOn.run(code.trim())}
      onClose={onClose}
    >
      <p>{texts.scan}</p>
      <div className="flex flex-wrap items-center gap-4">
        <img src={picture} alt={texts.picture} className="size-44 rounded bg-white" />
        <div className="grid min-w-40 flex-1 gap-2">
          <span className="text-sm text-muted">{texts.key}</span>
          <code className="font-mono text-sm break-all select-all">
            {secret.replace(/(.{4})(?=.)/g, "$1 ")}
          </code>
          <a href={address} className="text-accent pointer-coarse:py-3">
            {texts.openApp}
          </a>
        </div>
      </div>
      <p>{texts.thenCode}</p>
      <CodeField value={code} onChange={setCode} help={texts.sixDigits} />
    </FormDialog>
  );
}
