import { useQuery } from "@tanstack/react-query";
import type { DataTask } from "@trading/contracts/market-data";
import { useState } from "react";
import { storageQuery } from "../../api/data-queries.ts";
import { problemOf } from "../../api/problem.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Progress } from "../../ui/feedback.tsx";
import { bytes, count, percent } from "../../ui/format.ts";
import { ProblemView } from "../../ui/problem-view.tsx";
import { FileDrop } from "./file-drop.tsx";
import { guessFromName } from "./guess-from-name.ts";
import { ImportForm, type ImportWanted } from "./import-form.tsx";
import { texts } from "./texts.ts";
import { useUpload } from "./use-upload.ts";

const words = texts.importing;
const fresh: ImportWanted = { symbol: "", timeframe: "auto", badLines: "refuse" };

type UploadDialogProps = Readonly<{ onClose: () => void; onOpen: (series: string) => void }>;

/** Brings a file of candles: choose, send, watch the import; then what came of it. */
export function UploadDialog({ onClose, onOpen }: UploadDialogProps) {
  const upload = useUpload();
  const { task } = upload;
  if (task?.status !== "done") return <Importing upload={upload} onClose={onClose} />;
  const { seriesId } = task;
  const footer = (
    <>
      <Button onClick={upload.reset}>{words.more}</Button>
      <Button
        look="primary"
        disabled={seriesId === null}
        onClick={() => seriesId !== null && onOpen(seriesId)}
      >
        {words.open}
      </Button>
    </>
  );
  return (
    <Dialog title={words.title} onClose={onClose} footer={footer}>
      <Done task={task} />
    </Dialog>
  );
}

/** Everything before the import has ended: the file, what is said about it, its way, and why it was refused. */
function Importing({
  upload,
  onClose,
}: {
  upload: ReturnType<typeof useUpload>;
  onClose: () => void;
}) {
  const [file, setFile] = useState<File | null>(null);
  const [wanted, setWanted] = useState(fresh);
  const fileBytesMax = useQuery(storageQuery).data?.fileBytesMax;
  const isTooLarge = file !== null && fileBytesMax !== undefined && file.size > fileBytesMax;
  const choose = (chosen: File) => {
    const guess = guessFromName(chosen.name);
    setFile(chosen);
    setWanted({ ...fresh, symbol: guess.symbol, timeframe: guess.timeframe ?? "auto" });
  };
  const start = (badLines: ImportWanted["badLines"]) => {
    if (file === null) return;
    setWanted({ ...wanted, badLines });
    upload.start(file, { ...wanted, badLines });
  };
  const { isRunning, failure } = upload;
  const isNamed = wanted.symbol.trim() !== "";
  const label =
    file === null ? words.noFile : isNamed ? words.start(bytes(file.size)) : words.noSymbol;
  const footer = (
    <>
      <Button onClick={isRunning ? upload.cancel : onClose}>{words.cancel}</Button>
      <Button
        look="primary"
        disabled={file === null || isTooLarge || !isNamed}
        busy={isRunning}
        onClick={() => start(wanted.badLines)}
      >
        {label}
      </Button>
    </>
  );
  return (
    <Dialog title={words.title} onClose={onClose} footer={footer}>
      <div className="grid gap-4">
        <FileDrop file={file} disabled={isRunning} onFile={choose} fileBytesMax={fileBytesMax} />
        {isTooLarge && (
          <p role="alert" className="text-sm text-down">
            {words.tooLarge(bytes(fileBytesMax))}
          </p>
        )}
        {file !== null && !isRunning && <ImportForm wanted={wanted} onChange={setWanted} />}
        {isRunning && <Underway share={upload.share} task={upload.task} />}
        {failure !== null && (
          <Refused
            failure={failure}
            onSkip={wanted.badLines === "refuse" ? () => start("skip") : undefined}
          />
        )}
      </div>
    </Dialog>
  );
}

function Refused({ failure, onSkip }: { failure: unknown; onSkip: (() => void) | undefined }) {
  const skip = problemOf(failure).code === "bad-lines" && onSkip !== undefined && (
    <Button small onClick={onSkip}>
      {words.again}
    </Button>
  );
  return <ProblemView error={failure} action={skip || undefined} />;
}

function Underway({ share, task }: { share: number; task: DataTask | null }) {
  const shown = task === null ? share : task.status === "queued" ? null : task.progress.share;
  return (
    <div className="grid gap-2">
      <Progress share={shown} label={words.sending} />
      <p className="flex justify-between text-sm text-muted">
        <span>{task?.progress.step ?? words.sending}</span>
        <span>{shown !== null && percent(shown, { decimals: 0 })}</span>
      </p>
    </div>
  );
}

function Done({ task }: { task: DataTask }) {
  return (
    <div role="status" className="grid gap-3">
      <p>
        <span className="font-medium">{task.title}</span>: {words.done(count(task.rows))}
      </p>
      {task.skippedLines.length > 0 && (
        <details open>
          <summary className="cursor-pointer text-amber">
            {words.skipped(task.skippedLines.length)}
          </summary>
          <ul className="mt-2 grid max-h-56 gap-0.5 overflow-auto text-sm">
            {task.skippedLines.map((one) => (
              <li key={one.line} className="flex gap-3">
                <span className="w-20 shrink-0 text-right text-muted">{words.line(one.line)}</span>
                <span>{one.message}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}
