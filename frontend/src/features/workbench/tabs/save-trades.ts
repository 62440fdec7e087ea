import { fillsCsv, tradesCsv } from "@trading/contracts/csv";
import { fillsIn } from "@trading/engine";
import { saveFile } from "../../../api/client.ts";
import { problemOf } from "../../../api/problem.ts";
import { saveText } from "../../../ui/save-text.ts";
import { toast } from "../../../ui/toast.tsx";
import type { RunTrade } from "../result/shown.ts";
import type { Workbench } from "../use-workbench.ts";
import { fileNameOf } from "./file-name.ts";

/** Saves the trades that are listed as the server would: in the order they happened, instants as ISO 8601. */
export function saveTrades(workbench: Workbench, listed: readonly RunTrade[]): void {
  const trades = listed.map((trade) => ({
    ...trade,
    entryAt: new Date(trade.entryAt).toISOString(),
    exitAt: new Date(trade.exitAt).toISOString(),
  }));
  saveText(`${fileNameOf(workbench)}_trades.csv`, tradesCsv(trades));
}

/** Saves every fill of the run on the screen; those of a stored one are the server's. */
export function saveFills(workbench: Workbench): void {
  const { shown, stored } = workbench;
  const name = `${fileNameOf(workbench)}_fills.csv`;
  if (shown?.fills) {
    const fills = fillsIn(shown.fills).map((fill) => ({
      ...fill,
      at: new Date(fill.at).toISOString(),
    }));
    saveText(name, fillsCsv(fills));
  } else if (stored) {
    saveFile(`/backtests/${stored.id}/fills.csv`, name).catch((error) =>
      toast(problemOf(error).detail, { tone: "bad" }),
    );
  }
}
