import { spawn } from "node:child_process";
import process from "node:process";
import { rootDir } from "../backend/src/config.ts";
import { createReport } from "../backend/src/start/report.ts";

/** `npm run check`: everything a machine can say about the code without running it, and the tidy tests. */

type Check = Readonly<{
  name: string;
  run: readonly string[];
  judge?(output: string): string | null;
}>;

/** A boundary check that sees too little would pass for the wrong reason, so it must have seen this many modules. */
const modulesMin = 500;

const folders = "engine contracts strategies simulator backend frontend campaigns bench .ci";
const projects = ["engine", "contracts", "strategies", "simulator", "backend", "frontend"];
const checks: readonly Check[] = [
  ...[...projects, "frontend/tsconfig.e2e.json"].map((project) => ({
    name: `types of ${project}`,
    run: ["tsc", "-p", project],
  })),
  {
    name: "format and lint",
    run: ["biome", "ci", "--colors=off", "--diagnostic-level=warn", "--error-on-warnings"],
  },
  {
    name: "boundaries",
    run: ["depcruise", "--output-type", "json", ...folders.split(" ")],
    judge: judgeBoundaries,
  },
  { name: "unused code", run: ["knip", "--no-progress"] },
  { name: "tidy tests", run: ["vitest", "run", "--project", "tidy"] },
];

const report = createReport(process.stdout);
let failed = 0;
for (const check of checks) await report.step(check.name, () => pass(check)).catch(explain);
report.say(`${checks.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

function explain(error: unknown): void {
  failed += 1;
  report.say(`${(error as Error).message}\n`);
}

async function pass({ run, judge }: Check): Promise<void> {
  const [program = "", ...args] = run;
  const { code, output } = await outputOf(program, args);
  const problem = judge === undefined ? (code === 0 ? null : output) : judge(output);
  if (problem !== null) throw new Error(problem.trim());
}

function outputOf(
  program: string,
  args: readonly string[],
): Promise<{ code: number; output: string }> {
  // node_modules/.bin is on the path: npm has put it there.
  const child = spawn(program, args, { cwd: rootDir, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  return new Promise((done, fail) => {
    child.once("error", fail);
    child.once("close", (code) => done({ code: code ?? 1, output }));
  });
}

type Cruise = Readonly<{
  summary: Readonly<{
    totalCruised: number;
    violations: readonly Readonly<{ from: string; to: string; rule: { name: string } }>[];
  }>;
}>;

function judgeBoundaries(output: string): string | null {
  const start = output.indexOf("{");
  if (start < 0) return output;
  const { totalCruised, violations } = (JSON.parse(output.slice(start)) as Cruise).summary;
  if (totalCruised < modulesMin) {
    return `Only ${totalCruised} modules were seen, of at least ${modulesMin}: is TypeScript 6 installed?`;
  }
  if (violations.length === 0) return null;
  return violations.map(({ from, to, rule }) => `${rule.name}: ${from} → ${to}`).join("\n");
}
