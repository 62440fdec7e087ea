import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { TextField } from "../../ui/field.tsx";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { texts } from "./texts.ts";

type NameDialogProps = Readonly<{
  title: string;
  name: string;
  save: (name: string) => Promise<unknown>;
  onDone: () => void;
  onClose: () => void;
}>;

/** Gives a thing another name. */
export function NameDialog({ title, name, save, onDone, onClose }: NameDialogProps) {
  const [draft, setDraft] = useState(name);
  const rename = useMutation({
    mutationFn: save,
    onSuccess: () => {
      onDone();
      onClose();
    },
  });
  return (
    <FormDialog
      title={title}
      action={texts.saveName}
      doing={rename}
      onSubmit={() => rename.mutate(draft.trim())}
      onClose={onClose}
    >
      <TextField
        label={texts.passkeyName}
        required
        maxLength={60}
        value={draft}
        onChange={setDraft}
      />
    </FormDialog>
  );
}
