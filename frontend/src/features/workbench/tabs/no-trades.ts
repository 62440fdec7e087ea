import { count } from "../../../ui/format.ts";
import { refusals, type Shown } from "../result/shown.ts";
import { texts } from "../texts.ts";

/** Why a run made no trades: nothing was asked for, or all that was asked for was refused. */
export function noTrades(shown: Shown): string {
  const refused = refusals(shown);
  return refused > 0 ? texts.tradesTable.refused(count(refused)) : texts.tradesTable.empty;
}
