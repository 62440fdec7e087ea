import { type FSWatcher, watch } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { strategyManifest } from "@trading/contracts/strategies";
import { type Bundle, bundleStrategy, closeBundler } from "./bundle.ts";
import type { StrategyHost } from "./host-client.ts";
import { originalPosition } from "./source-lines.ts";
import type { SeenFile, StrategyStore } from "./store.ts";

type Needs = Readonly<{
  directory: string;
  /** Whether the directory is the one that comes with the platform. */
  shipped: boolean;
  store: StrategyStore;
  host: StrategyHost;
  /** Called after the strategies that can be used changed. */
  onChange(): Promise<void>;
  onError(error: unknown): void;
}>;

/**
 * Looks through the strategies directory: bundles every file, lets a strategy host say what is in it, and records
 * versions and problems. Never runs strategy code in this process. A file that breaks keeps its last good version.
 */
export async function scanStrategies(needs: Needs): Promise<void> {
  const names = await strategyFilesIn(needs.directory);
  const seen: SeenFile[] = [];
  const known = await needs.store.knownVersions();
  for (const file of names) seen.push(await look(needs, file, known));
  // Files change seldom; processes that wait for it would only take memory.
  needs.host.close();
  await closeBundler();
  const hasChanged = await needs.store.recordFiles(seen, needs.shipped);
  if (hasChanged) await needs.onChange();
}

/** Scans now, whenever a file changes, and every minute for file systems that tell nothing. */
export function watchStrategies(needs: Needs): { ready: Promise<void>; close(): Promise<void> } {
  let last = Promise.resolve();
  let soon: NodeJS.Timeout | undefined;
  let looked = "";
  const scanOnce = async () => {
    looked = await stateOf(needs.directory);
    await scanStrategies(needs);
  };
  const scan = () => {
    last = last.then(scanOnce).catch(needs.onError);
    return last;
  };
  const scanIfChanged = async () => {
    if ((await stateOf(needs.directory)) !== looked) await scan();
  };
  const rescan = () => {
    clearTimeout(soon);
    // Editors write a file in several steps.
    soon = setTimeout(scan, 200);
  };
  const watcher = startWatcher(needs, rescan);
  const timer = setInterval(() => void scanIfChanged().catch(needs.onError), 60_000);
  return {
    ready: scan(),
    async close() {
      watcher?.close();
      clearInterval(timer);
      clearTimeout(soon);
      await last;
    },
  };
}

/** Names, sizes and times of everything below the directory: equal when nothing was touched. */
async function stateOf(directory: string): Promise<string> {
  const names = await readdir(directory, { recursive: true });
  const states = names.sort().map(async (name) => {
    const found = await stat(join(directory, name)).catch(() => null);
    return `${name} ${found?.size} ${found?.mtimeMs}`;
  });
  return (await Promise.all(states)).join("\n");
}

function startWatcher({ directory, onError }: Needs, onChange: () => void): FSWatcher | null {
  try {
    return watch(directory, { recursive: true }, onChange).on("error", onError);
  } catch (error) {
    onError(error);
    return null;
  }
}

/** Names of the files that hold strategies. */
export async function strategyFilesIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory() && /\.ts$/.test(entry.name))
    .map((entry) => entry.name)
    .filter((name) => !/(\.test|\.d)\.ts$/.test(name))
    .sort();
}

async function look(
  { directory, host }: Needs,
  file: string,
  known: Awaited<ReturnType<StrategyStore["knownVersions"]>>,
): Promise<SeenFile> {
  const bundle = await bundleStrategy(join(directory, file), directory);
  if (bundle.kind === "refused") return { kind: "refused", file, problem: bundle };
  const manifest = known.get(bundle.version);
  return manifest === undefined ? askHost(host, bundle) : { kind: "good", file, bundle, manifest };
}

async function askHost(host: StrategyHost, bundle: Bundle): Promise<SeenFile> {
  const { file } = bundle;
  const answer = await host.describe(bundle.code);
  if (answer.kind === "refused") {
    const { message, place } = answer;
    const found = place && originalPosition(bundle.map, place.line, place.column);
    const problem = { file: found?.file ?? file, line: found?.line ?? null, message };
    return { kind: "refused", file, problem };
  }
  // What a host says is made by the strategy: it is held against the contract before anybody else sees it.
  const manifest = strategyManifest.safeParse(answer.manifest);
  if (manifest.success) return { kind: "good", file, bundle, manifest: manifest.data };
  const [issue] = manifest.error.issues;
  const message = `${issue?.path.join(".")}: ${issue?.message}`;
  return { kind: "refused", file, problem: { file, line: null, message } };
}
