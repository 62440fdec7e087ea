import { z } from "zod";
import { instant, timeframe } from "./common.ts";

const shared = {
  label: z.string(),
  help: z.string(),
  unit: z.string().optional(),
};
const ranged = {
  ...shared,
  default: z.number(),
  min: z.number(),
  max: z.number(),
  step: z.number(),
};

/** One line of a strategy's parameter table: forms, validation and documentation all come from it. */
export const parameter = z
  .discriminatedUnion("kind", [
    z.object({ kind: z.literal("integer"), ...ranged }),
    z.object({ kind: z.literal("decimal"), ...ranged }),
    z
      .object({ kind: z.literal("percent"), ...ranged })
      .describe("a fraction: 0.02 is shown as 2 %"),
    z.object({ kind: z.literal("boolean"), ...shared, default: z.boolean() }),
    z.object({
      kind: z.literal("choice"),
      ...shared,
      default: z.string(),
      choices: z.array(z.object({ value: z.string(), label: z.string() })),
    }),
    z.object({ kind: z.literal("timeframe"), ...shared, default: timeframe }),
  ])
  .meta({ id: "Parameter" });
export type Parameter = z.infer<typeof parameter>;

export const parameterValue = z.union([z.number(), z.boolean(), z.string().max(100)]);
export const parameterValues = z.record(z.string().max(64), parameterValue);
export type ParameterValues = z.infer<typeof parameterValues>;

/** Values that belong together; parameters it does not name keep their default. */
const preset = z.object({
  title: z.string().min(1).max(80),
  description: z.string().max(300),
  values: parameterValues,
  leverage: z
    .number()
    .min(1)
    .max(200)
    .nullable()
    .optional()
    .describe("of a linear perpetual; null: spot; absent: as it is set"),
});
export type Preset = z.infer<typeof preset>;

/** What a strategy says of itself. */
export const strategyManifest = z.object({
  name: z
    .string()
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/)
    .max(80),
  title: z.string().max(120),
  description: z.string().max(500),
  category: z.string().max(80),
  risk: z.enum(["low", "medium", "high"]),
  timeframes: z.array(timeframe).max(50),
  parameters: z.record(z.string().max(64), parameter),
  /** Plain text, paragraphs separated by blank lines. */
  documentation: z.string().max(50_000),
  presets: z
    .array(preset)
    .max(20)
    .optional()
    .describe("choices of parameters, the usual one first; absent in older versions"),
});
export type StrategyManifest = z.infer<typeof strategyManifest>;

export const strategyView = strategyManifest
  .extend({
    /** SHA-256 of the bundled code; names the frozen version. */
    version: z.string(),
    versionAt: instant,
    shipped: z.boolean(),
    /** Why the newest file cannot be used; the version above is then the last good one. */
    problem: z
      .object({ file: z.string(), line: z.number().int().nullable(), message: z.string() })
      .nullable(),
  })
  .meta({ id: "Strategy" });
export type StrategyView = z.infer<typeof strategyView>;

/** A frozen version as it was, whatever its file says now. */
export const strategyVersion = strategyManifest
  .extend({ version: z.string(), versionAt: instant })
  .meta({ id: "StrategyVersion" });
export type StrategyVersion = z.infer<typeof strategyVersion>;

/** Files that could not be loaded at all. */
export const strategyProblem = z.object({
  file: z.string(),
  line: z.number().int().nullable(),
  message: z.string(),
});
export const strategyList = z
  .object({ items: z.array(strategyView), refused: z.array(strategyProblem) })
  .meta({ id: "StrategyList" });

/** The script of one version, to run the same backtest in the browser. */
export const strategyScript = z
  .object({ name: z.string(), version: z.string(), engineVersion: z.string(), code: z.string() })
  .meta({ id: "StrategyScript" });

export const strategySource = z
  .object({ name: z.string(), version: z.string(), source: z.string() })
  .meta({ id: "StrategySource" });
