import { texts } from "../texts.ts";

/** The engine's own reasons in words; a strategy's tag as it is. */
export const reasonText = (reason: string): string => texts.tradesTable.reasons[reason] ?? reason;
