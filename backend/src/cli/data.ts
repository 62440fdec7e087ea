import { basename, resolve } from "node:path";
import process from "node:process";
import { type Timeframe, timeframes } from "@trading/contracts/common";
import { type Command, Option } from "commander";
import { eq, or } from "drizzle-orm";
import { users } from "../accounts/schema.ts";
import { importLimits } from "../market-data/import/limits.ts";
import { type CandleFile, readCandleFile } from "../market-data/import/read-candle-file.ts";
import { certifySeries, importCandles } from "../market-data/series-store.ts";
import { certificateView } from "../market-data/series-view.ts";
import { createMarketData, type MarketData } from "../market-data/store.ts";
import { readSymbol } from "../market-data/symbol.ts";
import { type Database, openDatabase } from "../platform/postgres.ts";
import { BadInput, cliConfig, print, requireDatabase } from "./command.ts";

export { readCandleFile } from "../market-data/import/read-candle-file.ts";

type CheckOptions = { timeframe?: Timeframe; skipBadLines?: boolean; json?: boolean };
type ImportOptions = CheckOptions & { user: string; symbol?: string };
type DownloadOptions = { timeframe: Timeframe; from: string; to?: string; json?: boolean };

/** `data check | import | download`: candles from files and exchanges, without the pages. */
export function registerDataCommands(program: Command): void {
  const data = program.command("data").description("Check, import and download candles.");
  const timeframe = () =>
    new Option("--timeframe <timeframe>", "found out from the file when left out").choices(
      timeframes,
    );

  data
    .command("check <file>")
    .description(
      "Say what a file of candles holds and how good it is; needs no server and no database.",
    )
    .addOption(timeframe())
    .option("--skip-bad-lines", "leave bad lines out instead of refusing the file")
    .option("--json", "one JSON document on stdout")
    .action(checkFile);

  data
    .command("import <file>")
    .description("Store the candles of a file as a private series of a user.")
    .requiredOption("--user <name>", "whose series it becomes: name or e-mail address")
    .option("--symbol <symbol>", "such as BTC/USDT; guessed from the file's name when left out")
    .addOption(timeframe())
    .option("--skip-bad-lines", "leave bad lines out instead of refusing the file")
    .option("--json", "one JSON document on stdout")
    .action(importFile);

  data
    .command("download <market>")
    .description(
      "Download what is missing of a market, such as binance:BTC/USDT, into its shared series.",
    )
    .addOption(new Option("--timeframe <timeframe>").choices(timeframes).default("1h"))
    .requiredOption("--from <date>", "ISO date or time, UTC")
    .option("--to <date>", "ISO date or time, UTC; now when left out")
    .option("--json", "one JSON document on stdout")
    .action(downloadMarket);
}

async function checkFile(file: string, options: CheckOptions): Promise<void> {
  const found = await readFile(file, options);
  const certificate = certificateView(found.certificate);
  const { timeframe, symbol, skipped, skippedLines } = found;
  const document = {
    file: basename(file),
    symbol,
    timeframe,
    ...certificate,
    skipped,
    skippedLines,
  };
  print(options.json === true, document, certificateText(document));
}

async function readFile(file: string, options: CheckOptions): Promise<CandleFile> {
  try {
    return await readCandleFile(resolve(file), {
      timeframe: options.timeframe,
      badLines: options.skipBadLines === true ? "skip" : "refuse",
      nowMs: Date.now(),
      // A file of the person at the keyboard may be as large as the machine can take.
      limits: { ...importLimits, fileBytesMax: importLimits.expandedBytesMax },
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") {
      throw new BadInput(`There is no file ${file}.`);
    }
    throw error;
  }
}

type Checked = ReturnType<typeof certificateView> & {
  file: string;
  symbol: string | null;
  timeframe: string;
  skipped: number;
  skippedLines: CandleFile["skippedLines"];
};

function certificateText(found: Checked): string {
  const lines: (readonly [string, string | number])[] = [
    ["file", found.file],
    ["market", found.symbol ?? "not told by the name"],
    ["timeframe", found.timeframe],
    ["candles", found.rows],
    ["first", found.first ?? "none"],
    ["last", found.last ?? "none"],
    ["gaps", `${found.gaps} (${found.missing} candles missing)`],
    ["duplicates dropped", found.duplicates],
    ["impossible candles", found.impossible],
    ["stretches without volume", found.zeroVolumeStretches],
    ["jumps", found.jumps],
    ["lines left out", found.skipped],
  ];
  const width = Math.max(...lines.map(([name]) => name.length));
  const table = lines.map(([name, value]) => `${name.padEnd(width)}  ${value}`);
  const skipped = found.skippedLines.map(({ line, message }) => `  line ${line}: ${message}`);
  return [...table, ...skipped].join("\n");
}

async function importFile(file: string, options: ImportOptions): Promise<void> {
  const found = await readFile(file, options);
  const symbol = options.symbol ?? found.symbol;
  if (symbol === null)
    throw new BadInput("The file's name does not tell the market; add --symbol.");
  const name = readSymbol(symbol);
  await withMarketData(async ({ database, cache, series, uploadQuotaBytes }) => {
    const ownerId = await findUser(database, options.user);
    const identity = { ...name, source: "upload" as const, ownerId, timeframe: found.timeframe };
    const stored = await importCandles(
      database,
      identity,
      found.columns,
      found.duplicates,
      uploadQuotaBytes,
    );
    await certifySeries({ database, cache }, stored.seriesId);
    const document = { ...stored, series: await series.find(ownerId, stored.seriesId) };
    const text = `${name.symbol} ${found.timeframe}: ${stored.added} candles added, ${stored.corrected} corrected.`;
    print(options.json === true, document, text);
  });
}

async function findUser({ db }: Database, text: string): Promise<string> {
  const key = text.normalize("NFKC").toLowerCase();
  const [user] = await db
    .select({ id: users.id })
    .from(users)
    .where(or(eq(users.nameKey, key), eq(users.emailKey, key)));
  if (user === undefined) throw new BadInput(`There is no user ${text}.`);
  return user.id;
}

async function downloadMarket(market: string, options: DownloadOptions): Promise<void> {
  const colon = market.indexOf(":");
  if (colon < 1) throw new BadInput("Name exchange and market, such as binance:BTC/USDT.");
  const wanted = {
    exchange: market.slice(0, colon).toLowerCase(),
    symbol: market.slice(colon + 1).toUpperCase(),
    timeframe: options.timeframe,
    fromMs: instantOf(options.from),
    toMs: options.to === undefined ? null : instantOf(options.to),
  };
  const stop = new AbortController();
  const onInterrupt = () => stop.abort(new BadInput("Interrupted; what was fetched is stored."));
  process.once("SIGINT", onInterrupt);
  await withMarketData(async ({ ensureCandles }) => {
    const onProgress = ({ share, step }: { share: number; step: string }) => {
      process.stderr.write(`${String(Math.round(share * 100)).padStart(3)} % ${step}\n`);
    };
    const fetched = await ensureCandles(wanted, { signal: stop.signal, onProgress });
    print(
      options.json === true,
      fetched,
      `${fetched.rows} candles fetched into series ${fetched.seriesId}.`,
    );
  }).finally(() => process.off("SIGINT", onInterrupt));
}

function instantOf(text: string): number {
  const ms = Date.parse(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text);
  if (Number.isNaN(ms)) throw new BadInput(`${text} is not an ISO date such as 2024-01-31.`);
  return ms;
}

async function withMarketData(work: (data: MarketData) => Promise<void>): Promise<void> {
  const config = cliConfig();
  const database = openDatabase(requireDatabase(config), { max: 3 });
  const onError = (error: unknown) => process.stderr.write(`${String(error)}\n`);
  try {
    await work(createMarketData({ ...config, database, onError }));
  } finally {
    await database.close();
  }
}
