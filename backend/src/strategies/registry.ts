import { type FSWatcher, watch } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { strategyManifest } from "@trading/contracts/strategies";
import { type Bundle, bundleStrategy, closeBundler } from "./bundle.ts";
import type { StrategyHost } from "./host-client.ts";
import { originalPosition } from "./source-lines.ts";
import type { KnownVersions, SeenFile, StrategyStore } from "./store.ts";

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

type Progress = Readonly<{
  /** Called once everything that needs no strategy host is recorded. */
  onKnown?(): void;
  /** Aborted when the rest may wait for the next scan. */
  signal?: AbortSignal;
}>;

/**
 * Looks through the strategies directory: bundles every file, lets a strategy host say what is in those it has not seen
 * before, and records versions and problems. Never runs strategy code in this process. A file that breaks keeps its
 * last good version; one that takes long keeps no other waiting that is known already.
 */
export async function scanStrategies(
  needs: Needs,
  { onKnown, signal }: Progress = {},
): Promise<void> {
  const { directory, host, store, shipped } = needs;
  const files = await strategyFilesIn(directory);
  const record = async (seen: readonly SeenFile[]) => {
    if (await store.recordFiles(files, seen, shipped)) await needs.onChange();
  };
  const known = await store.knownVersions();
  const seen: SeenFile[] = [];
  const unknown: Bundle[] = [];
  for (const file of files) {
    const found = await look(directory, file, known);
    if (found.kind === "bundled") unknown.push(found);
    else seen.push(found);
  }
  await closeBundler();
  await record(seen);
  onKnown?.();
  for (const bundle of unknown) {
    if (signal?.aborted) break;
    await askHost(host, bundle)
      .then((one) => record([one]))
      .catch((error) => signal?.aborted || needs.onError(error));
  }
  // Files change seldom; a process that waits for it would only take memory.
  host.close();
}

export type StrategyWatch = Readonly<{
  ready: Promise<void>;
  scanned: Promise<void>;
  close(): Promise<void>;
}>;

/**
 * Scans now, whenever a file changes, and every minute for file systems that tell nothing. `ready` resolves when what
 * was known before is known again; new files follow one by one, until `scanned` resolves too.
 */
export function watchStrategies(needs: Needs): StrategyWatch {
  const known = Promise.withResolvers<void>();
  const closing = new AbortController();
  let last = Promise.resolve();
  let soon: NodeJS.Timeout | undefined;
  let looked = "";
  const scanOnce = async () => {
    looked = await stateOf(needs.directory);
    await scanStrategies(needs, { onKnown: known.resolve, signal: closing.signal });
  };
  const scan = () => {
    last = last.then(scanOnce).catch(needs.onError).then(known.resolve);
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
    ready: known.promise,
    scanned: scan(),
    async close() {
      watcher?.close();
      clearInterval(timer);
      clearTimeout(soon);
      closing.abort();
      needs.host.close();
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

/** What can be said of a file without running it; else its bundle. */
async function look(
  directory: string,
  file: string,
  { manifests, refused }: KnownVersions,
): Promise<SeenFile | Bundle> {
  const bundle = await bundleStrategy(join(directory, file), directory);
  if (bundle.kind === "refused") return { kind: "refused", file, problem: bundle, version: null };
  const problem = refused.get(bundle.version);
  if (problem !== undefined) return { kind: "refused", file, problem, version: bundle.version };
  const manifest = manifests.get(bundle.version);
  return manifest === undefined ? bundle : { kind: "good", file, bundle, manifest };
}

async function askHost(host: StrategyHost, bundle: Bundle): Promise<SeenFile> {
  const { file, version } = bundle;
  const answer = await host.describe(bundle.code);
  if (answer.kind === "refused") {
    const { message, place } = answer;
    const found = place && originalPosition(bundle.map, place.line, place.column);
    const problem = { file: found?.file ?? file, line: found?.line ?? null, message };
    return { kind: "refused", file, problem, version: answer.isLasting ? version : null };
  }
  // What a host says is made by the strategy: it is held against the contract before anybody else sees it.
  const manifest = strategyManifest.safeParse(answer.manifest);
  if (manifest.success) return { kind: "good", file, bundle, manifest: manifest.data };
  const [issue] = manifest.error.issues;
  const message = `${issue?.path.join(".")}: ${issue?.message}`;
  return { kind: "refused", file, problem: { file, line: null, message }, version };
}
