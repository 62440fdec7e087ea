import type { MarketRules } from "@trading/engine";
import type { Command } from "commander";
import { BadInput } from "./command.ts";

/** What the market rounds and refuses; a file says nothing of that. */
export type RuleOptions = Readonly<{ tick?: string; lot?: string; notionalMin?: string }>;

/** Adds the options that say what the first market rounds and refuses. */
export const addRuleOptions = (command: Command): Command =>
  command
    .option("--tick <step>", "of the prices of the first market")
    .option("--lot <step>", "of the quantities of the first market")
    .option("--notional-min <amount>", "of an order on the first market, in the quote currency");

/** The rules of a market with those that an option names in their place. */
export function withRules(market: MarketRules, options: RuleOptions): MarketRules {
  return {
    ...market,
    tick: given("--tick", options.tick) ?? market.tick,
    lot: given("--lot", options.lot) ?? market.lot,
    notionalMin: given("--notional-min", options.notionalMin) ?? market.notionalMin,
  };
}

function given(option: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  const value = Number(text);
  if (value > 0 && Number.isFinite(value)) return value;
  throw new BadInput(`${option} must be a number above 0, not "${text}".`);
}
