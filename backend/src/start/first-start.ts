import { existsSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { safeError } from "../platform/safe-error.ts";
import { signInByLink } from "./api-client.ts";
import { type FirstContent, makeFirstContent } from "./first-content.ts";
import type { SignInLinks } from "./people.ts";
import { probeExchanges } from "./probe-exchanges.ts";
import type { Report } from "./report.ts";

type Needs = Readonly<{
  directory: string;
  origin: string;
  links(): Promise<SignInLinks>;
  /** Ask no exchange. */
  isOffline: boolean;
  report: Report;
}>;

/**
 * Fills an empty platform, once per data directory. Nothing of it is needed to run, so a failure is told and the next
 * start tries again.
 */
export async function fillOnFirstStart(needs: Needs): Promise<void> {
  const { directory, origin, links, report } = needs;
  const file = join(directory, "content.json");
  if (existsSync(file)) return;
  const said: string[] = [];
  try {
    const made = await report.step("first content", async (note) => {
      const { trader, operator } = await links();
      const content = await makeFirstContent({
        trader: await signInByLink(origin, trader),
        operator: await signInByLink(origin, operator),
        probe: needs.isOffline ? async () => [] : probeExchanges,
        now: Date.now,
        pauseMs: 150,
        note,
        say: (sentence) => said.push(sentence),
      });
      note(describe(content));
      return content;
    });
    writeFileSync(`${file}.part`, `${JSON.stringify(made)}\n`);
    renameSync(`${file}.part`, file);
  } catch (error) {
    said.push(`  · left for the next start: ${safeError(error).message}`);
  }
  for (const sentence of said) report.say(sentence);
}

function describe({ candles, exchange, backtests }: FirstContent): string {
  const data = candles === "recorded" ? `candles from ${exchange}` : "synthetic example candles";
  return `${data}, ${backtests} backtests`;
}
