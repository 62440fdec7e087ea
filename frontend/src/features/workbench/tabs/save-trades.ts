import { tradesCsv } from "@trading/contracts/csv";
import { saveText } from "../../../ui/save-text.ts";
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
