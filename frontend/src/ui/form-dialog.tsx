import type { ReactNode } from "react";
import { Button } from "./button.tsx";
import { Dialog } from "./dialog.tsx";
import { ProblemView } from "./problem-view.tsx";

type FormDialogProps = Readonly<{
  title: string;
  /** What the button says will happen. */
  action: string;
  isReady?: boolean;
  /** How it goes; `dialog` is what it asks beside the form. */
  doing: Readonly<{ isPending: boolean; error: Error | null; dialog?: ReactNode }>;
  onSubmit: () => void;
  onClose: () => void;
  children: ReactNode;
}>;

/** A dialog of a few fields, what went wrong with them, and one button. */
export const FormDialog = (props: FormDialogProps) => {
  const { title, action, isReady = true, doing, onSubmit, onClose, children } = props;
  return (
    <>
      <Dialog title={title} onClose={onClose}>
        <form
          className="grid gap-4"
          onSubmit={(event) => {
            event.preventDefault();
            onSubmit();
          }}
        >
          {children}
          {doing.error !== null && <ProblemView error={doing.error} />}
          <Button type="submit" look="primary" disabled={!isReady} busy={doing.isPending}>
            {action}
          </Button>
        </form>
      </Dialog>
      {doing.dialog}
    </>
  );
};
