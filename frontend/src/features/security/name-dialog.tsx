import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { TextField } from "../../ui/field.tsx";
import { ProblemView } from "../../ui/problem-view.tsx";
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
    <Dialog title={title} onClose={onClose}>
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          rename.mutate(draft.trim());
        }}
      >
        <TextField
          label={texts.passkeyName}
          required
          maxLength={60}
          value={draft}
          onChange={setDraft}
        />
        {rename.error !== null && <ProblemView error={rename.error} />}
        <Button type="submit" look="primary" busy={rename.isPending}>
          {texts.saveName}
        </Button>
      </form>
    </Dialog>
  );
}
