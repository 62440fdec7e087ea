import { type QueryClient, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { explainInWorker } from "./run/explain.ts";
import type { BrowserExplanation, RunProblem } from "./run/protocol.ts";
import type { WorkbenchState } from "./state.ts";
import { useDetail } from "./use-inputs.ts";
import type { Workbench } from "./use-workbench.ts";

export type Explained = Readonly<{
  /** Null while it is on its way, and where there is a problem. */
  explained: BrowserExplanation | null;
  problem: RunProblem | null;
}>;

/** How long nothing must have been moved before the further runs begin. */
const pauseMs = 400;

/**
 * What takes further runs to know of the result on the screen. Only asked for while somebody looks, and once for each
 * fingerprint; a longer run that is overtaken by a change ends.
 */
export function useExplanation(workbench: Workbench, isWanted: boolean): Explained {
  const { state, shown, set, script, series, isStale } = workbench;
  const { parameters, settings } = state;
  const fingerprint = shown?.fingerprint ?? "";
  const calm = useCalm(fingerprint);
  const finer = useDetail(state, series?.timeframe, isWanted);
  const isReady = isWanted && !isStale && calm === fingerprint && !finer.isWaiting;
  const answer = useQuery({
    queryKey: ["explanation", fingerprint],
    enabled: isReady && set !== null && script !== null,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
    retry: false,
    queryFn: async ({ client, signal }) => {
      if (!set || !script) throw new Error("there is nothing to explain yet");
      const others = set.others && (await loadDetailedOthers(client, state));
      const detailed = {
        ...set,
        ...(finer.detail && { detail: finer.detail }),
        ...(others && { others }),
      };
      return explainInWorker({ set: detailed, script, wish: { parameters, settings } }, signal);
    },
  }).data;
  if (!answer || isStale) return { explained: null, problem: null };
  return "detail" in answer
    ? { explained: null, problem: answer }
    : { explained: answer, problem: null };
}

const loadDetailedOthers = async (client: QueryClient, state: WorkbenchState) =>
  (await import("./load-others.ts")).loadOthers(client, state, true);

/** A value once it has stayed the same for a while. */
function useCalm(value: string): string | null {
  const [calm, setCalm] = useState<string | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => setCalm(value), pauseMs);
    return () => clearTimeout(timer);
  }, [value]);
  return calm;
}
