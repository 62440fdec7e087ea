import { tradesCsv } from "@trading/contracts/csv";
import { saveText } from "../../../ui/save-text.ts";
import type { Workbench } from "../use-workbench.ts";
import { fileNameOf } from "./file-name.ts";

/** Saves the trades on the screen as the server would: instants as ISO 8601. */
export function saveTrades(workbench: Workbench): void {
  const trades = (workbench.shown?.trades ?? []).map((trade) => ({
    ...trade,
    entryAt: new Date(trade.entryAt).toISOString(),
    exitAt: new Date(trade.exitAt).toISOString(),
  }));
  saveText(`${fileNameOf(workbench)}_trades.csv`, tradesCsv(trades));
}
