import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { BacktestDetail, BacktestRequest } from "@trading/contracts/backtests";
import { useState } from "react";
import { ask } from "../../api/client.ts";
import { backtestQuery } from "../../api/queries.ts";

export type Saving = Readonly<{
  /** Asks the server for the backtest; the answer comes as `backtest`. */
  save: (request: BacktestRequest) => void;
  /** The backtest on its way or done; null before anything was saved. */
  backtest: BacktestDetail | null;
  isBusy: boolean;
  error: unknown;
  forget: () => void;
  cancel: () => void;
}>;

const isOver = (backtest: BacktestDetail | undefined) =>
  backtest !== undefined && backtest.status !== "queued" && backtest.status !== "running";

/**
 * Sends a backtest to the server and follows it. Events renew it as it moves; asking every two seconds besides makes
 * up for a stream that is down.
 */
export function useSave(): Saving {
  const client = useQueryClient();
  const [id, setId] = useState<string | null>(null);
  const request = useMutation({
    mutationFn: (body: BacktestRequest) => ask("backtest", "/backtests", { method: "POST", body }),
    onSuccess: (view) => {
      setId(view.id);
      void client.invalidateQueries({ queryKey: ["backtest", "list"] });
    },
  });
  const cancelling = useMutation({
    mutationFn: (which: string) => ask("nothing", `/backtests/${which}/cancel`, { method: "POST" }),
    onSettled: () => void client.invalidateQueries({ queryKey: ["backtest"] }),
  });
  const followed = useQuery({
    ...backtestQuery(id ?? ""),
    enabled: id !== null,
    refetchInterval: ({ state }) => (isOver(state.data) ? false : 2_000),
  });
  const backtest = id === null ? null : (followed.data ?? null);
  return {
    save: (wanted) => {
      setId(null);
      request.mutate(wanted);
    },
    backtest,
    isBusy: request.isPending || (id !== null && !isOver(followed.data) && !followed.isError),
    error: request.error ?? followed.error,
    cancel: () => id !== null && cancelling.mutate(id),
    forget: () => {
      setId(null);
      request.reset();
    },
  };
}
