import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { DataTask } from "@trading/contracts/market-data";
import { useEffect, useRef, useState } from "react";
import { ask } from "../../api/client.ts";
import { dataTasksQuery } from "../../api/data-queries.ts";
import { local, ProblemError } from "../../api/problem.ts";
import { uploadCandles } from "../../api/upload.ts";
import type { ImportWanted } from "./import-form.tsx";
import { texts } from "./texts.ts";

const words = texts.importing;

/** An upload from the first byte to the end of its import. */
export function useUpload() {
  const client = useQueryClient();
  const [share, setShare] = useState(0);
  const abort = useRef<AbortController | null>(null);
  const sending = useMutation({
    mutationFn: ({ file, wanted }: { file: File; wanted: ImportWanted }) => {
      abort.current = new AbortController();
      setShare(0);
      const { symbol, timeframe, badLines } = wanted;
      const options = {
        symbol: symbol.trim(),
        badLines,
        ...(timeframe === "auto" ? {} : { timeframe }),
      };
      return uploadCandles({ file, options, onProgress: setShare, signal: abort.current.signal });
    },
    onSettled: () => client.invalidateQueries({ queryKey: dataTasksQuery.queryKey }),
  });
  const id = sending.data?.id;
  const watched = useQuery({
    queryKey: ["data-tasks", "one", id],
    queryFn: ({ signal }) => ask("dataTask", `/data-tasks/${id}`, { signal }),
    enabled: id !== undefined,
    // Events say when it moves; this is for a stream that is interrupted.
    refetchInterval: ({ state }) =>
      state.data?.status === "done" || state.data?.status === "failed" ? false : 2_000,
  });
  const task = watched.data ?? sending.data ?? null;
  useEffect(() => () => abort.current?.abort(), []);
  const failure =
    sending.error ??
    (task?.status === "failed" || task?.status === "cancelled" ? failureOf(task) : null);
  return {
    share,
    task,
    failure,
    isRunning: sending.isPending || (task !== null && failure === null && task.status !== "done"),
    start: (file: File, wanted: ImportWanted) => sending.mutate({ file, wanted }),
    reset: sending.reset,
    cancel: () => {
      abort.current?.abort();
      if (id !== undefined)
        void ask("nothing", `/data-tasks/${id}/cancel`, { method: "POST" }).catch(() => undefined);
    },
  };
}

const failureOf = ({ problem }: DataTask): ProblemError =>
  new ProblemError(problem ?? local("cancelled", 0, words.cancelled, words.cancelled));
