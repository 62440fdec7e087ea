import { count } from "../../../ui/format.ts";
import { refusals, type Shown } from "../result/shown.ts";
import { texts } from "../texts.ts";

/** Why a run made no trades: it had no candle to decide on, nothing was asked for, or all that was asked for was refused. */
export function noTrades(shown: Shown): string {
  const t = texts.tradesTable;
  const refused = refusals(shown);
  const { warmup, data } = shown;
  if (refused > 0) return t.refused(count(refused));
  return warmup >= data.rows ? t.tooShort(count(warmup), count(data.rows)) : t.empty;
}
