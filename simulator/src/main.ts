import { openSync, readFileSync, writeSync } from "node:fs";
import process from "node:process";
import { parseArgs } from "node:util";
import type { MarketSettings } from "./core/market-settings.ts";
import { readScenario } from "./faults/scenario.ts";
import { type CandleFile, readCandleFile } from "./life/candle-file.ts";
import type { LifeSource } from "./life/life.ts";
import { defaultMarkets, marketFor } from "./markets.ts";
import { type SimulatorSettings, startSimulator } from "./simulator.ts";

/** The simulator as a process of its own: options in, one line of JSON out when it is ready. */
const options = {
  port: { type: "string", default: "8090" },
  host: { type: "string", default: "127.0.0.1" },
  "allow-host": { type: "string", multiple: true, default: [] as string[] },
  token: { type: "string" },
  "token-file": { type: "string" },
  seed: { type: "string", default: "demo" },
  candles: { type: "string", multiple: true, default: [] as string[] },
  "live-part": { type: "string", default: "0.25" },
  "history-days": { type: "string", default: "7" },
  speed: { type: "string", default: "1" },
  "start-at": { type: "string" },
  stepped: { type: "boolean", default: false },
  unlimited: { type: "boolean", default: false },
  scenario: { type: "string" },
  ledger: { type: "string" },
  json: { type: "boolean", default: false },
} as const;

type Options = ReturnType<typeof readOptions>;

const readOptions = () => parseArgs({ options, allowPositionals: false }).values;

function number(text: string, name: string, least: number, most: number): number {
  const value = Number(text);
  if (!(value >= least && value <= most)) {
    throw new RangeError(`--${name} must be a number from ${least} to ${most}`);
  }
  return value;
}

type Replay = Readonly<{ market: MarketSettings; file: CandleFile }>;

/** "BTCUSDT=path.csv.gz": a market that replays a file. */
function readReplay(text: string): Replay {
  const cut = text.indexOf("=");
  if (cut < 1) throw new RangeError("--candles wants SYMBOL=file.csv");
  const symbol = text.slice(0, cut).toUpperCase();
  const path = text.slice(cut + 1);
  const market = marketFor(symbol, firstPrice(path));
  return { market, file: readCandleFile(path, market) };
}

/** About what a file's prices are, to choose the market's grid by. */
function firstPrice(path: string): number {
  const probe = {
    ...defaultMarkets[0],
    symbol: "X",
    tick: "0.00000001",
    lot: "1",
  } as MarketSettings;
  return (readCandleFile(path, probe).candles[0]?.close ?? 1) / 1e8;
}

const noLimits = {
  weightPerMinute: 1e12,
  rawPerFiveMinutes: 1e12,
  ordersPerTenSeconds: 1e12,
  ordersPerDay: 1e12,
};

function settingsOf(given: Options): SimulatorSettings {
  const replays = new Map<string, Replay>();
  for (const text of given.candles) {
    const replay = readReplay(text);
    replays.set(replay.market.symbol, replay);
  }
  const livePart = number(given["live-part"], "live-part", 0, 1);
  const others = defaultMarkets.filter(({ symbol }) => !replays.has(symbol));
  const startAt = given["start-at"] === undefined ? null : Date.parse(given["start-at"]);
  if (startAt !== null && Number.isNaN(startAt)) throw new RangeError("--start-at wants a date");
  if (startAt !== null && !given.stepped) throw new RangeError("--start-at needs --stepped");
  // Each line is with the system before the answer leaves: a killed exchange has told all.
  const ledger = given.ledger === undefined ? null : openSync(given.ledger, "a");
  return {
    host: given.host,
    port: number(given.port, "port", 0, 65_535),
    hosts: given["allow-host"],
    seed: given.seed,
    historyDays: number(given["history-days"], "history-days", 0, 400),
    speed: number(given.speed, "speed", 0.001, 10_000),
    markets: [...[...replays.values()].map(({ market }) => market), ...others],
    source: (symbol): LifeSource => {
      const replay = replays.get(symbol);
      return replay === undefined
        ? { kind: "agents" }
        : { kind: "replay", file: replay.file, livePart };
    },
    ...(given.unlimited ? { limits: noLimits, connectionsPerFiveMinutes: 1e9 } : {}),
    ...tokenOf(given),
    ...(given.stepped ? { startAt: startAt ?? Date.now() } : {}),
    ...(given.scenario === undefined
      ? {}
      : { scenario: readScenario(JSON.parse(readFileSync(given.scenario, "utf8"))) }),
    ...(ledger === null
      ? {}
      : { ledgerSink: (line: string) => void writeSync(ledger, `${line}\n`) }),
  };
}

/** A file keeps the token out of the list of processes and of what is printed. */
function tokenOf({ token, "token-file": file }: Options): { token?: string } {
  if (file === undefined) return token === undefined ? {} : { token };
  if (token !== undefined) throw new RangeError("--token and --token-file exclude each other");
  const read = readFileSync(file, "utf8").trim();
  if (read === "") throw new RangeError(`${file} holds no token`);
  return { token: read };
}

async function main(): Promise<void> {
  const given = readOptions();
  const simulator = await startSimulator(settingsOf(given));
  const ready = { url: simulator.url, webSocket: simulator.socketUrl, token: simulator.token };
  process.stdout.write(
    given.json
      ? `${JSON.stringify(ready)}\n`
      : `Exchange simulator on ${ready.url} (status page there)\nAdmin token: ${given["token-file"] === undefined ? ready.token : `in ${given["token-file"]}`}\n`,
  );
  // Whoever started it may be gone by now.
  if (process.connected) process.send?.("ready");
  const stop = (): void => {
    simulator.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  // Started by another process of ours, it does not outlive it.
  process.once("disconnect", stop);
}

const badInput = new Set(["ENOENT", "EISDIR", "EACCES"]);

/** One sentence, and 2 when what was asked for is wrong, 1 otherwise. */
function explain(error: unknown): void {
  const { code, message } = error as NodeJS.ErrnoException;
  const isInput =
    error instanceof RangeError || error instanceof TypeError || badInput.has(code ?? "");
  const sentence = code === "EADDRINUSE" ? `${message}: choose another with --port` : message;
  process.stderr.write(`${sentence}\n`);
  process.exit(isInput || error instanceof SyntaxError ? 2 : 1);
}

main().catch(explain);
