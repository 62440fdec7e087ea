import { X } from "lucide-react";
import { type ReactNode, useEffect, useId, useRef } from "react";
import { Button, IconButton } from "./button.tsx";
import { cx } from "./cx.ts";

type DialogProps = Readonly<{
  title: string;
  onClose: () => void;
  children: ReactNode;
  footer?: ReactNode;
  wide?: boolean;
  bare?: boolean;
}>;

/** A modal dialog: the browser keeps the focus inside and gives it back; Escape and a click beside it close it. */
export function Dialog({
  title,
  onClose,
  children,
  footer,
  wide = false,
  bare = false,
}: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    if (dialog.current === null || dialog.current.open) return;
    dialog.current.showModal();
    // The first field, not the button that closes. On touch the keyboard would cover the dialog, so it stays with none.
    const isTouch = matchMedia("(pointer: coarse)").matches;
    const field = isTouch
      ? null
      : dialog.current.querySelector<HTMLElement>("input,select,textarea");
    (field ?? dialog.current).focus();
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape is the key, and the element handles it itself.
    <dialog
      ref={dialog}
      tabIndex={-1}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => event.target === dialog.current && onClose()}
      className={cx(
        "appear max-h-[90dvh] outline-none w-[calc(100vw-24px)] flex-col overflow-hidden rounded border border-line bg-panel p-0 backdrop:bg-(--backdrop) open:flex",
        wide ? "max-w-220" : "max-w-130",
        bare && "mt-[12dvh]",
      )}
    >
      {bare ? (
        <h2 id={id} className="sr-only">
          {title}
        </h2>
      ) : (
        <header className="flex items-center gap-2 border-b border-line py-2 pr-2 pl-4">
          <h2 id={id} className="flex-1 font-semibold">
            {title}
          </h2>
          <IconButton label="Close" onClick={onClose}>
            <X size={16} />
          </IconButton>
        </header>
      )}
      <div className={cx("min-h-0 flex-1 overflow-auto", !bare && "p-4")}>{children}</div>
      {footer !== undefined && (
        <footer className="flex flex-wrap justify-end gap-2 border-t border-line px-4 py-3">
          {footer}
        </footer>
      )}
    </dialog>
  );
}

type ConfirmProps = Readonly<{
  title: string;
  children: ReactNode;
  action: string;
  cancel: string;
  busy?: boolean;
  onConfirm: () => void;
  onClose: () => void;
}>;

/** Asks before something that cannot be undone; `action` names it. */
export function ConfirmDialog({
  title,
  children,
  action,
  cancel,
  busy = false,
  onConfirm,
  onClose,
}: ConfirmProps) {
  const footer = (
    <>
      <Button onClick={onClose}>{cancel}</Button>
      <Button look="danger" busy={busy} onClick={onConfirm}>
        {action}
      </Button>
    </>
  );
  return (
    <Dialog title={title} onClose={onClose} footer={footer}>
      {children}
    </Dialog>
  );
}
