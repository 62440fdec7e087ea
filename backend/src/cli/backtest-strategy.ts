import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import {
  type Preset,
  type StrategyManifest,
  strategyManifest,
} from "@trading/contracts/strategies";
import type { ParameterTable } from "@trading/engine";
import { PlatformError } from "../platform/errors.ts";
import { type Bundle, bundleStrategy } from "../strategies/bundle.ts";
import type { StrategyHost } from "../strategies/host-client.ts";
import { originalPosition } from "../strategies/source-lines.ts";
import { BadInput } from "./command.ts";

export type CliStrategy = Readonly<{ bundle: Bundle; manifest: StrategyManifest }>;

/** A strategy by its file, or by its name in the strategies directory. Its code runs in the host only. */
export async function loadStrategy(
  host: StrategyHost,
  asked: string,
  directory: string,
): Promise<CliStrategy> {
  if (/\.ts$|[/\\]/.test(asked)) {
    const path = resolve(asked);
    if (!existsSync(path)) throw new BadInput(`There is no file ${asked}.`);
    return load(host, path, dirname(path));
  }
  for (const file of candidates(directory, asked)) {
    const found = await load(host, join(directory, file), directory).catch((error) => {
      // Another file's fault does not hide the one that is asked for.
      if (basename(file, ".ts") === asked) throw error;
      return null;
    });
    if (found?.manifest.name === asked) return found;
  }
  throw new PlatformError(
    "unknown-strategy",
    `There is no strategy called "${asked}" in ${directory}.`,
  );
}

/** The file of that name first; a strategy may live in a file that is called differently. */
function candidates(directory: string, name: string): string[] {
  const files = existsSync(directory) ? readdirSync(directory) : [];
  const strategies = files.filter((file) => /\.ts$/.test(file) && !/\.(test|d)\.ts$/.test(file));
  return strategies.sort(
    (a, b) => Number(b === `${name}.ts`) - Number(a === `${name}.ts`) || (a < b ? -1 : 1),
  );
}

async function load(host: StrategyHost, path: string, root: string): Promise<CliStrategy> {
  const bundle = await bundleStrategy(path, root);
  if (bundle.kind === "refused") throw refused(bundle.file, bundle.line, bundle.message);
  const answer = await host.describe(bundle.code);
  if (answer.kind === "refused") {
    const { place, message } = answer;
    const found = place && originalPosition(bundle.map, place.line, place.column);
    throw refused(found?.file ?? bundle.file, found?.line ?? null, message);
  }
  const manifest = strategyManifest.safeParse(answer.manifest);
  if (manifest.success) return { bundle, manifest: manifest.data };
  const [issue] = manifest.error.issues;
  throw refused(bundle.file, null, `${issue?.path.join(".")}: ${issue?.message}`);
}

const refused = (file: string, line: number | null, message: string) =>
  new PlatformError("strategy-refused", `${file}${line === null ? "" : `:${line}`}: ${message}`);

/** A preset by its title, in capitals or not; `1x` stands for `1×`. */
export function presetNamed({ title, presets = [] }: StrategyManifest, asked: string): Preset {
  const plain = (text: string) => text.toLowerCase().replaceAll("×", "x").trim();
  const found = presets.find((preset) => plain(preset.title) === plain(asked));
  if (found) return found;
  const known = presets.map((preset) => preset.title).join(", ");
  throw new BadInput(
    `${title} has no preset "${asked}"; ${known === "" ? "it has none" : `there are ${known}`}.`,
  );
}

/** `name=value` pairs as values of the kind that the table says; what it does not know stays text. */
export function readParameters(
  table: ParameterTable,
  given: readonly string[],
): Record<string, number | boolean | string> {
  const pairs = given.map((pair): [string, number | boolean | string] => {
    const equals = pair.indexOf("=");
    if (equals < 1) throw new BadInput(`--param takes name=value, not "${pair}".`);
    const name = pair.slice(0, equals);
    const text = pair.slice(equals + 1);
    return [name, parsedValue(Object.hasOwn(table, name) ? table[name]?.kind : undefined, text)];
  });
  return Object.fromEntries(pairs);
}

function parsedValue(kind: string | undefined, text: string): number | boolean | string {
  switch (kind) {
    case "integer":
    case "decimal":
    case "percent":
      return text.trim() === "" || Number.isNaN(Number(text)) ? text : Number(text);
    case "boolean":
      return text === "true" ? true : text === "false" ? false : text;
    default:
      return text;
  }
}
