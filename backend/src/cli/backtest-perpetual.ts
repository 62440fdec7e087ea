import { existsSync, readFileSync, statSync } from "node:fs";
import { type Funding, type PerpetualTerms, perpetualTerms } from "@trading/contracts/perpetuals";
import { checkPerpetual, RunInputError } from "@trading/engine";
import { BadInput } from "./command.ts";

export type PerpetualOptions = Readonly<{
  leverage?: string;
  margin?: string;
  maintenance?: string;
  liquidationFee?: string;
  funding?: string;
}>;

/** The terms that options ask for; undefined, which is spot, where none of them is given. */
export function readPerpetual(options: PerpetualOptions): PerpetualTerms | undefined {
  const { leverage, margin, maintenance, liquidationFee, funding } = options;
  const asked = [leverage, margin, maintenance, liquidationFee, funding];
  if (asked.every((one) => one === undefined)) return undefined;
  const rate = maintenance === undefined ? undefined : Number(maintenance);
  const checked = perpetualTerms.safeParse({
    ...(leverage === undefined ? {} : { leverage: Number(leverage) }),
    ...(margin === undefined ? {} : { marginMode: margin }),
    ...(rate === undefined ? {} : { tiers: [tierOf(rate)] }),
    ...(liquidationFee === undefined ? {} : { liquidationFee: Number(liquidationFee) }),
    ...(funding === undefined ? {} : { funding: readFunding(funding) }),
  });
  if (checked.success) return sound(checked.data);
  const [issue] = checked.error.issues;
  throw new BadInput(`${issue?.path.join(".")}: ${issue?.message}`);
}

function sound(terms: PerpetualTerms): PerpetualTerms {
  try {
    checkPerpetual(terms);
    return terms;
  } catch (error) {
    throw error instanceof RunInputError ? new BadInput(error.message) : error;
  }
}

/** One tier in which no leverage liquidates a position as it is opened. */
const tierOf = (maintenanceRate: number) => ({
  notionalFrom: 0,
  maintenanceRate,
  leverageMax: Math.min(200, Math.max(1, Math.ceil(1 / maintenanceRate) - 1)),
});

const bytesMax = 16 * 1_024 ** 2;
const hour = 3_600_000;

/** A rate such as 0.0001 every eight hours, or a CSV file of what was paid. */
export function readFunding(asked: string): Funding {
  if (asked.trim() !== "" && Number.isFinite(Number(asked)))
    return { kind: "constant", rate: Number(asked), everyHours: 8 };
  if (!existsSync(asked) || !statSync(asked).isFile())
    throw new BadInput(
      `--funding takes a rate such as 0.0001 or a CSV file; "${asked}" is neither.`,
    );
  if (statSync(asked).size > bytesMax) throw new BadInput(`${asked} is larger than 16 MB.`);
  const points = readPoints(asked, readFileSync(asked, "utf8"));
  return { kind: "series", everyHours: intervalOf(points.map(({ at }) => at)), points };
}

/** What the columns are called here and by those who publish funding. */
const names = {
  at: ["time", "timestamp", "date", "fundingtime", "calc_time"],
  rate: ["rate", "fundingrate", "last_funding_rate", "funding_rate"],
  markPrice: ["markprice", "mark_price", "price"],
};

type Point = Extract<Funding, { kind: "series" }>["points"][number];

function readPoints(file: string, text: string): Point[] {
  const [head = "", ...lines] = text
    .replace(/^\uFEFF/, "")
    .trim()
    .split(/\r?\n/);
  const columns = head.split(",").map((name) => name.trim().toLowerCase());
  const placeOf = (known: readonly string[]) => columns.findIndex((name) => known.includes(name));
  const [at, rate, mark] = [placeOf(names.at), placeOf(names.rate), placeOf(names.markPrice)];
  if (at < 0 || rate < 0)
    throw new BadInput(`${file} needs the columns time and rate, and may have markPrice.`);
  return lines.map((line, i) => {
    const cells = line.split(",").map((cell) => cell.trim());
    const point = { at: instantOf(cells[at] ?? ""), rate: Number(cells[rate] || Number.NaN) };
    if (!Number.isFinite(point.at) || !Number.isFinite(point.rate))
      throw new BadInput(
        `${file}:${i + 2}: no time and rate can be read from "${line.slice(0, 80)}".`,
      );
    const markPrice = Number(cells[mark] || 0);
    return markPrice > 0 ? { ...point, markPrice } : point;
  });
}

/** ms or s since epoch, or ISO in UTC. Exchanges book funding some ms late: whole seconds are meant. */
function instantOf(text: string): number {
  const number = Number(text);
  if (text === "" || Number.isNaN(number))
    return Date.parse(/(Z|[+-]\d\d:?\d\d)$/i.test(text) ? text : `${text.replace(" ", "T")}Z`);
  return Math.floor(number < 1e11 ? number : number / 1_000) * 1_000;
}

/** Hours between two payments, as most of them are apart. */
function intervalOf(times: readonly number[]): number {
  const steps = times.slice(1).map((at, i) => at - (times[i] ?? at));
  const middle = steps.toSorted((a, b) => a - b)[(steps.length - 1) >> 1] ?? 8 * hour;
  return Math.max(1, Math.round(middle / hour));
}
