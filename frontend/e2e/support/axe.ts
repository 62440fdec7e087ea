import axe from "axe-core";
import type { Page } from "playwright-core";

type Violation = Readonly<{
  id: string;
  impact: string;
  nodes: { target: unknown; html: string }[];
}>;
declare const window: { axe: { run(options: object): Promise<{ violations: Violation[] }> } };

/** What a person who cannot see or point would stumble over. */
export async function seriousViolations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => window.axe.run({ resultTypes: ["violations"] }));
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`);
}
