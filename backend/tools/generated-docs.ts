import { problemKinds } from "@trading/contracts/problems";
import { type MetricConvention, metricConventions, metricGroups } from "@trading/engine";
import { type Variable, variableList } from "../src/config-variables.ts";

/** Files made from tables in the code, by path from the root of the repository. A test keeps them up to date. */
export const generatedDocs = (): Readonly<Record<string, string>> => ({
  "docs/errors.md": errorsPage(),
  "docs/configuration.md": configurationPage(),
  "docs/metrics.md": metricsPage(),
  "backend/.env.example": exampleEnvironment(),
});

const origin = (table: string) =>
  `Generated from \`${table}\` by \`npm run docs:generate\`; edit it there.`;

function errorsPage(): string {
  const sections = Object.entries(problemKinds).map(
    ([code, { status, title, help }]) => `### ${code}\n\n${status} · **${title}.** ${help}\n`,
  );
  return `# Errors

${origin("contracts/src/problems.ts")}

Every error of the API is a problem document (RFC 9457, \`application/problem+json\`) with \`type\`, \`title\`, \`status\`,
\`code\`, \`detail\` and \`requestId\`; \`errors\` names parts of the input, \`retryAfter\` is in seconds. \`code\` is stable:
programs may rely on it. A running platform shows this list at \`/api/v1/docs/errors\`.

${sections.join("\n")}`;
}

const units: Readonly<Record<MetricConvention["unit"], string>> = {
  money: "quote currency",
  fraction: "fraction, shown in per cent",
  ratio: "ratio",
  count: "count",
  days: "days",
};

function metricsPage(): string {
  const all: [string, MetricConvention][] = Object.entries(metricConventions);
  const tables = Object.entries(metricGroups).map(([group, title]) => {
    const rows = all.filter(([, one]) => one.group === group);
    const lines = rows.map(
      ([name, { label, unit, convention }]) =>
        `| ${label} | \`${name}\` | ${units[unit]} | ${convention} |`,
    );
    return `## ${title}\n\n| Figure | In JSON | Unit | How it is computed |\n| --- | --- | --- | --- |\n${lines.join("\n")}\n`;
  });
  return `# Metrics and conventions

${origin("engine/src/conventions")}

Rivals compute figures of the same name in different ways, so each stands beside its convention, here, on screens and in
reports. A figure that would say nothing (fewer than 10 closed trades, fewer than 14 days, no variation, nothing to divide by)
is \`null\` in JSON and its reason is in \`metricReasons\`; there are no stand-in numbers. Daily returns are taken at 00:00 UTC
over 365 days a year, the risk-free rate is 0. Figures of many runs (deflated Sharpe, walk-forward efficiency, Monte Carlo) are
not of a run and stand elsewhere.

${tables.join("\n")}`;
}

const groups = (): Map<string, (readonly [string, Variable])[]> =>
  Map.groupBy(variableList, ([, { group }]) => group);

/** What holds when a variable is unset, in words; null when there is nothing to say. */
function unsetMeaning({ unset, schema }: Variable): string {
  if (unset !== undefined) return unset;
  const value = defaultOf(schema);
  return value === "" ? "empty" : `\`${value}\``;
}

const defaultOf = (schema: Variable["schema"]): string =>
  [schema.parse(undefined)].flat().join(",");

function configurationPage(): string {
  const tables = [...groups()].map(([group, rows]) => {
    const lines = rows.map(([name, variable]) => {
      const names = [name, ...(variable.aliases ?? [])].map((one) => `\`${one}\``).join(", ");
      const file = variable.secret ? ` Secret: \`${name}_FILE\` names a file instead.` : "";
      return `| ${names} | ${variable.help}${file} | ${unsetMeaning(variable)} |`;
    });
    return `## ${group}\n\n| Variable | Meaning | When unset |\n| --- | --- | --- |\n${lines.join("\n")}\n`;
  });
  return `# Configuration

${origin("backend/src/config-variables.ts")}

All processes read the same variables. In development \`backend/.env\` is read too; variables of the environment win. With
\`ENVIRONMENT=production\` that file is ignored. An empty value counts as unset. All problems are reported together.

A secret may come by file: \`<NAME>_FILE\` holds its path. The file must belong to nobody else (mode 0600 or 0400); one
newline at its end is ignored. A name and its file set together are refused.

${tables.join("\n")}`;
}

function exampleEnvironment(): string {
  const parts = [...groups()].map(([group, rows]) => {
    const lines = rows.map(([name, variable]) => {
      const also = variable.aliases ? ` Also: ${variable.aliases.join(", ")}.` : "";
      const file = variable.secret ? ` Or ${name}_FILE, the path of a file that holds it.` : "";
      const unset =
        variable.unset === undefined ? "" : ` Unset: ${variable.unset.replaceAll("`", "")}.`;
      const value =
        variable.example ?? (variable.unset === undefined ? defaultOf(variable.schema) : "");
      return `# ${variable.help.replaceAll("`", "")}${also}${file}${unset}\n# ${name}=${value}\n`;
    });
    return `# ---- ${group} ----\n\n${lines.join("\n")}`;
  });
  return `# Copy this file to backend/.env and take the mark from the lines you change. Every variable may stay unset for
# \`npm start\`. In production nothing is read from a file: set the variables in the environment of the processes.
# Made from backend/src/config-variables.ts by \`npm run docs:generate\`.

${parts.join("\n")}`;
}
