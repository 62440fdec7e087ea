import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { toast } from "../../ui/toast.tsx";
import { texts } from "./texts.ts";

type RecoveryCodesProps = Readonly<{ codes: readonly string[]; onClose: () => void }>;

/** The recovery codes, shown this one time. */
export function RecoveryCodes({ codes, onClose }: RecoveryCodesProps) {
  const copy = async () => {
    await navigator.clipboard.writeText(codes.join("\n"));
    toast(texts.copied);
  };
  const footer = (
    <>
      <Button onClick={() => void copy()}>{texts.copy}</Button>
      <Button look="primary" onClick={onClose}>
        {texts.kept}
      </Button>
    </>
  );
  return (
    <Dialog title={texts.codesTitle} onClose={onClose} footer={footer}>
      <p>{texts.codesText}</p>
      <ol className="mt-3 grid gap-1 font-mono text-sm select-all">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ol>
    </Dialog>
  );
}
