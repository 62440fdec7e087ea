import { FileUp } from "lucide-react";
import { useId, useState } from "react";
import { buttonClass } from "../../ui/button.tsx";
import { cx } from "../../ui/cx.ts";
import { bytes } from "../../ui/format.ts";
import { texts } from "./texts.ts";

const words = texts.importing;
const accepted = ".csv,.gz,.zip,.json,.feather,.txt";

type FileDropProps = Readonly<{
  file: File | null;
  disabled: boolean;
  onFile: (file: File) => void;
  fileBytesMax: number | undefined;
}>;

/** A place to drop a file on, or to choose one. */
export function FileDrop({ file, disabled, onFile, fileBytesMax }: FileDropProps) {
  const [isOver, setIsOver] = useState(false);
  const id = useId();
  const take = (files: FileList | null) => {
    const first = files?.[0];
    if (first !== undefined && !disabled) onFile(first);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is an extra; the field inside does the same.
    <div
      onDragOver={(event) => {
        event.preventDefault();
        setIsOver(true);
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setIsOver(false);
        take(event.dataTransfer.files);
      }}
      className={cx(
        "flex flex-wrap items-center gap-x-3 gap-y-2 rounded border border-dashed px-4 py-4",
        isOver ? "border-accent bg-accent-soft" : "border-line",
      )}
    >
      <FileUp size={20} strokeWidth={1.6} aria-hidden="true" className="text-muted" />
      <span className="min-w-0 flex-1">
        <span className={cx("block font-medium", file !== null && "truncate")}>
          {file?.name ?? words.drop}
        </span>
        <span className="block text-xs text-muted">
          {file === null
            ? words.formats(fileBytesMax === undefined ? "…" : bytes(fileBytesMax))
            : bytes(file.size)}
        </span>
      </span>
      <input
        id={id}
        type="file"
        accept={accepted}
        disabled={disabled}
        className="peer sr-only"
        onChange={(event) => {
          take(event.target.files);
          // The same file again is a new choice.
          event.target.value = "";
        }}
      />
      <label
        htmlFor={id}
        className={cx(
          buttonClass("plain", true),
          "peer-focus-visible:outline-2 peer-focus-visible:outline-accent",
          disabled && "opacity-50",
        )}
      >
        {file === null ? words.choose : words.another}
      </label>
    </div>
  );
}
