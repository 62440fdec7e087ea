import { useQuery } from "@tanstack/react-query";
import { type Fill, fillPage } from "@trading/contracts/fills";
import { fillsIn } from "@trading/engine";
import { useMemo } from "react";
import { ask } from "../../api/client.ts";
import { problemOf } from "../../api/problem.ts";
import type { RunFill } from "./result/shown.ts";
import type { Workbench } from "./use-workbench.ts";

export type ChosenFills = Readonly<{
  /** Undefined until they are known. */
  fills: readonly RunFill[] | undefined;
  /** Why there are none. */
  problem: string | null;
}>;

/** The fills of a trade: of the browser's run they are here, of a stored one they are asked for. */
export function useFills(
  { shown, stored }: Pick<Workbench, "shown" | "stored">,
  trade: number,
): ChosenFills {
  const table = shown?.fills ?? null;
  const id = shown?.origin === "server" ? (stored?.id ?? null) : null;
  const { data, error } = useQuery({
    queryKey: ["backtest", "fills", id, trade],
    queryFn: ({ signal }) => askFills(id ?? "", trade, signal),
    enabled: id !== null,
    staleTime: Infinity,
  });
  const own = useMemo(() => (table ? fillsIn(table, trade) : undefined), [table, trade]);
  return { fills: own ?? data, problem: error === null ? null : problemOf(error).detail };
}

const pageSize = 5_000;

/** The fills of one trade of a stored backtest. */
async function askFills(
  id: string,
  trade: number,
  signal: AbortSignal,
): Promise<readonly RunFill[]> {
  const fills: Fill[] = [];
  for (let page = 1, total = 1; (page - 1) * pageSize < total; page++) {
    const query = { page, pageSize, trade };
    const answer = fillPage.parse(await ask("page", `/backtests/${id}/fills`, { query, signal }));
    fills.push(...answer.items);
    total = answer.total;
  }
  return fills.map((fill) => ({ ...fill, at: Date.parse(fill.at) }));
}
