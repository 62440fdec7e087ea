import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import {
  type Columns,
  defineStrategy,
  engineVersion,
  type FundingPoint,
  resample,
  runBacktest,
} from "@trading/engine";
import { syntheticCandles } from "../candles.ts";
import { install } from "./install.ts";
import { peers } from "./peers.ts";

/**
 * Holds perpetuals against a second engine: the same signals, long and short, over the same candles with leverage, fees,
 * funding and liquidations in this engine and in freqtrade, compared trade by trade. Prints a table in Markdown; ends with 1
 * where the two differ for another reason than those that are named.
 */
const { values } = parseArgs({
  options: {
    home: { type: "string", default: path.join(tmpdir(), "trading-platform-peers") },
    seeds: { type: "string", default: "1,2,3" },
  },
});

const capital = 100_000;
const fee = 0.0005;
const maintenanceRate = 0.01;
const hours = 8_760;
const hour = 3_600_000;
const fundingHours = 8;
const [long, short, flat] = [1, -1, 2];

type Scenario = Readonly<{
  title: string;
  leverage: number;
  isFunded: boolean;
  /** Whether positions may be opened at the very time at which funding is due. */
  opensAtFunding: boolean;
}>;

const scenarios: readonly Scenario[] = [
  { title: "leverage 4, funding", leverage: 4, isFunded: true, opensAtFunding: false },
  { title: "leverage 32, no funding", leverage: 32, isFunded: false, opensAtFunding: true },
  { title: "leverage 32, funding", leverage: 32, isFunded: true, opensAtFunding: false },
  {
    title: "leverage 4, opened when funding is due",
    leverage: 4,
    isFunded: true,
    opensAtFunding: true,
  },
];

type Trade = Readonly<{
  side: string;
  quantity: number;
  entryAt: number;
  exitAt: number;
  entryPrice: number;
  exitPrice: number;
  fees: number;
  funding: number;
  pnl: number;
  /** As it was when the position was opened. */
  liquidationPrice: number | null;
  isLiquidated: boolean;
}>;
type OurTrade = Trade & Readonly<{ lastLiquidationPrice: number | null }>;
type Answer<One = Trade> = Readonly<{
  version: string;
  trades: readonly One[];
  finalEquity: number;
}>;
type Inputs = Readonly<{
  scenario: Scenario;
  candles: Columns;
  signal: readonly number[];
  funding: readonly FundingPoint[];
}>;

function inputsOf(scenario: Scenario, seed: number): Inputs {
  const minutes = syntheticCandles(hours * 60, 20_261_122 + seed);
  const candles = resample(minutes, hour / 60, hour);
  const random = numbers(seed);
  const signal = Array.from(candles.time, (at, i) => {
    if (i === candles.time.length - 3) return flat;
    const opensAt = (at / hour + 1) % fundingHours;
    const isFree = scenario.opensAtFunding || opensAt !== 0;
    const isLate = i > candles.time.length - 3;
    const chance = random();
    if (isLate || !isFree || chance > 0.03) return 0;
    return chance < 0.0125 ? long : chance < 0.025 ? short : flat;
  });
  const funding = Array.from(candles.time).flatMap((at, i): FundingPoint[] => {
    if (!scenario.isFunded || i === 0 || (at / hour) % fundingHours !== 0) return [];
    const rate = (random() - 0.4) * 0.002;
    return [{ at, rate, markPrice: (candles.open[i] ?? 0) * (1 + (random() - 0.5) * 0.001) }];
  });
  return { scenario, candles, signal, funding };
}

function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}

function ours({ scenario, candles, signal, funding }: Inputs): Answer<OurTrade> {
  const strategy = defineStrategy({
    name: "signals",
    title: "Signals",
    description: "Does what a column of signals says.",
    category: "test",
    risk: "high",
    documentation: "One unit, long or short.",
    parameters: {},
    onCandle(context) {
      const wanted = signal[context.index];
      const { position } = context;
      const turns = wanted === flat || (position.isLong ? wanted === short : wanted === long);
      if (!position.isFlat && turns) context.exit();
      if (wanted === long && !position.isLong) context.market({ side: "buy", quantity: 1 });
      if (wanted === short && !position.isShort) context.market({ side: "sell", quantity: 1 });
    },
  });
  const { trades, liquidationLevels, finalEquity } = runBacktest({
    strategy,
    strategyVersion: "bench",
    parameters: {},
    market: { symbol: "SYNTHETIC", tick: null, lot: null, notionalMin: null },
    timeframe: "1h",
    candles,
    dataRevision: "bench",
    isPlotted: false,
    settings: {
      capital,
      makerFee: fee,
      takerFee: fee,
      slippageBps: 0,
      perpetual: {
        leverage: scenario.leverage,
        marginMode: "isolated",
        tiers: [{ notionalFrom: 0, maintenanceRate, leverageMax: 50 }],
        liquidationFee: fee,
        funding: { kind: "series", everyHours: fundingHours, points: funding },
      },
    },
  });
  const levelOf = (index: number, side: string) =>
    liquidationLevels.find((one) => one.index === index && one.side === side && one.price !== null);
  return {
    version: engineVersion,
    finalEquity,
    trades: trades.map(({ exitReason, entryIndex, ...trade }) => ({
      ...trade,
      lastLiquidationPrice: trade.liquidationPrice,
      liquidationPrice: levelOf(entryIndex, trade.side)?.price ?? null,
      isLiquidated: exitReason === "liquidation",
    })),
  };
}

function theirs(inputs: Inputs, home: string): Answer {
  const { scenario, candles, signal, funding } = inputs;
  const columns = Object.fromEntries(
    Object.entries(candles).map(([name, values]) => [name, Array.from(values)]),
  );
  const points = funding.map(({ at, rate, markPrice }) => [at, rate, markPrice]);
  const asked = { ...columns, signal, funding: points, capital, fee, maintenanceRate };
  const file = path.join(home, "perpetuals.json");
  writeFileSync(file, JSON.stringify({ ...asked, leverage: scenario.leverage }));
  const program = path.join(import.meta.dirname, "freqtrade/perpetuals.py");
  const { status, stdout, stderr } = spawnSync(path.join(home, "bin/python"), [program, file], {
    encoding: "utf8",
    maxBuffer: 2 ** 28,
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1" },
  });
  if (status !== 0) throw new Error(stderr.trim().split("\n").slice(-8).join("\n"));
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as Answer;
}

type Sameness =
  | "same"
  /** They count funding that is due at the very time of the entry, this engine does not. */
  | "funding at the entry"
  /** Funding has moved the margin and with it the liquidation here; theirs stays where it was. */
  | "liquidation moved by funding"
  /** The other still holds a position, because only one was liquidated. */
  | "follows from that"
  | "unexplained";

const tolerance = 1e-6;
const isNear = (one: number | null, other: number | null) =>
  one === null || other === null ? one === other : Math.abs(one - other) <= tolerance;
const amounts = ["quantity", "exitPrice", "fees", "funding", "pnl", "liquidationPrice"] as const;

const keyOf = ({ side, entryAt }: Trade) => `${side} ${entryAt}`;
const differing = (a: Trade, b: Trade) => [
  ...(a.exitAt === b.exitAt ? [] : (["exitAt"] as const)),
  ...amounts.filter((name) => !isNear(a[name], b[name])),
];

/** Where the funding of a trade must have moved its liquidation: it comes out of the margin of an isolated position. */
function movedLiquidation({ side, quantity, funding, liquidationPrice }: Trade): number {
  const sign = side === "long" ? 1 : -1;
  return (liquidationPrice ?? 0) - (sign * funding) / (quantity * (1 - sign * maintenanceRate));
}

function compared(a: OurTrade, b: Trade, { funding }: Inputs): Sameness {
  const wrong = differing(a, b);
  if (wrong.length === 0) return "same";
  const point = funding.find(({ at }) => at === a.entryAt);
  const due = (a.side === "long" ? -1 : 1) * (point?.rate ?? 0) * (point?.markPrice ?? 0);
  const isDue = isNear(b.funding - a.funding, due) && isNear(b.pnl - a.pnl, due);
  if (point && isDue && wrong.join() === "funding,pnl") return "funding at the entry";
  const isMoved =
    isNear(a.liquidationPrice, b.liquidationPrice) &&
    isNear(a.lastLiquidationPrice, movedLiquidation(a));
  return isMoved && a.funding !== 0 && (a.isLiquidated || b.isLiquidated)
    ? "liquidation moved by funding"
    : "unexplained";
}

/** Every trade of both by how it compares; a trade that only one has must lie in one that the other still holds. */
function sameness(a: readonly OurTrade[], b: readonly Trade[], inputs: Inputs): Sameness[] {
  const known = new Map(b.map((trade) => [keyOf(trade), trade]));
  const isWithin = (trade: Trade, others: readonly Trade[]) =>
    others.some(
      ({ side, entryAt, exitAt }) =>
        side === trade.side && entryAt < trade.entryAt && trade.entryAt <= exitAt,
    );
  const ourKeys = new Set(a.map(keyOf));
  const alone = (trade: Trade, others: readonly Trade[]): Sameness =>
    isWithin(trade, others) ? "follows from that" : "unexplained";
  return [
    ...a.map((trade) => {
      const other = known.get(keyOf(trade));
      return other ? compared(trade, other, inputs) : alone(trade, b);
    }),
    ...b.filter((trade) => !ourKeys.has(keyOf(trade))).map((trade) => alone(trade, a)),
  ];
}

const freqtrade = peers.find(({ folder }) => folder === "freqtrade");
if (freqtrade === undefined) throw new Error("freqtrade is not among the peers");
mkdirSync(values.home, { recursive: true });
const home = install(freqtrade, values.home);
const sum = (trades: readonly Trade[], what: (trade: Trade) => number) =>
  trades.reduce((total, trade) => total + what(trade), 0);
const text = (value: number) => (Math.abs(value) < tolerance ? "0" : value.toFixed(6));
const rows = [
  "what",
  "trades",
  "liquidations",
  "the same",
  "named reasons",
  "unexplained",
  "fees",
  "fees, difference",
  "funding",
  "funding, difference",
  "final equity, difference",
];
let unexplained = 0;
let version = "";

for (const scenario of scenarios) show(scenario);
console.log(`\nfreqtrade ${version}, this engine ${engineVersion}, seeds ${values.seeds}.`);
process.exitCode = unexplained === 0 ? 0 : 1;

function show(scenario: Scenario): void {
  const seeds = values.seeds.split(",").map(Number);
  const runs = seeds.map((seed) => {
    const inputs = inputsOf(scenario, seed);
    return { inputs, one: ours(inputs), other: theirs(inputs, home) };
  });
  const found = runs.flatMap(({ inputs, one, other }) =>
    sameness(one.trades, other.trades, inputs),
  );
  const a = runs.flatMap(({ one }) => one.trades);
  const b = runs.flatMap(({ other }) => other.trades);
  version = runs[0]?.other.version ?? "";
  const counts = Map.groupBy(found, (one) => one);
  const reasons = [...counts].filter(([one]) => one !== "same" && one !== "unexplained");
  unexplained += counts.get("unexplained")?.length ?? 0;
  if (scenario === scenarios[0])
    console.log(`| ${rows.join(" | ")} |\n|${"---|".repeat(rows.length)}`);
  const cells = [
    scenario.title,
    `${a.length} / ${b.length}`,
    [a, b].map((all) => all.filter((one) => one.isLiquidated).length).join(" / "),
    counts.get("same")?.length ?? 0,
    reasons.map(([reason, all]) => `${all.length} ${reason}`).join(", ") || "0",
    counts.get("unexplained")?.length ?? 0,
    sum(a, ({ fees }) => fees).toFixed(6),
    text(sum(b, ({ fees }) => fees) - sum(a, ({ fees }) => fees)),
    sum(a, ({ funding }) => funding).toFixed(6),
    text(sum(b, ({ funding }) => funding) - sum(a, ({ funding }) => funding)),
    text(runs.reduce((total, { one, other }) => total + other.finalEquity - one.finalEquity, 0)),
  ];
  console.log(`| ${cells.join(" | ")} |`);
}
