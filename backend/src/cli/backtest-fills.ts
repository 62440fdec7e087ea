import { type Command, Option } from "commander";

/** How orders meet candles; the names are those of a backtest's settings. */
export type FillOptions = Readonly<{
  fillPolicy?: string;
  fillOn?: string;
  feeAsset?: string;
  slippageModel?: string;
  slippageShare?: string;
  volumeShare?: string;
  latencyCandles?: string;
  latencyMs?: string;
  borrowRate?: string;
  policyRange?: boolean;
}>;

/** Adds the options that say how orders meet candles. */
export const addFillOptions = (command: Command): Command =>
  command
    .addOption(
      new Option(
        "--fill-policy <policy>",
        "what is taken inside a candle; detail reads finer candles",
      ).choices(["pessimistic", "path", "detail"]),
    )
    .addOption(
      new Option("--fill-on <moment>", "signal-close is optimistic").choices([
        "next-candle",
        "signal-close",
      ]),
    )
    .addOption(
      new Option("--fee-asset <asset>", "received: a buy's fee in the coins bought").choices([
        "quote",
        "received",
      ]),
    )
    .addOption(
      new Option(
        "--slippage-model <model>",
        "--slippage is for bps, the share for the others",
      ).choices(["bps", "range", "volume"]),
    )
    .option("--slippage-share <fraction>", "of the candle's range")
    .option("--volume-share <fraction>", "of a candle's volume that orders fill at most")
    .option("--latency-candles <count>", "until an order arrives")
    .option("--latency-ms <ms>", "until an order arrives")
    .option("--borrow-rate <fraction>", "a year, to sell short on spot; left out: nothing is lent")
    .option("--policy-range", "also run under the other fill policies: so if left out")
    .option("--no-policy-range", "only run as asked");

/** The settings that options ask for; what is left out stays as usual. */
export function readFills(options: FillOptions): Readonly<Record<string, unknown>> {
  const { fillPolicy, fillOn, feeAsset, slippageModel, policyRange } = options;
  const given = {
    fillPolicy,
    fillOn,
    feeAsset,
    slippageModel,
    policyRange,
    slippageShare: numberOf(options.slippageShare),
    volumeShareMax: numberOf(options.volumeShare),
    latencyCandles: numberOf(options.latencyCandles),
    latencyMs: numberOf(options.latencyMs),
    borrowRate: numberOf(options.borrowRate),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** What is no number is left to the contract, which says so. */
const numberOf = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : text.trim() === "" ? Number.NaN : Number(text);
