import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../../backend/src/platform/embedded-postgres.ts";
import { startPlatform, trading } from "../../../backend/test/support/started-platform.ts";

/** A platform with example content, started for browsers to look at and gone afterwards. */
export type PrivatePlatform = Readonly<{ origin: string; dataDir: string; stop(): Promise<void> }>;

/** Starts a platform on a free port with a data directory of its own; takes some seconds. */
export async function startPrivatePlatform(): Promise<PrivatePlatform> {
  const folder = mkdtempSync(join(tmpdir(), "trading-e2e-"));
  chmodSync(folder, 0o711); // As root, PostgreSQL's user must pass through.
  const dataDir = join(folder, "data");
  const port = await freePort();
  const platform = startPlatform("--offline", "--port", String(port), "--data", dataDir);
  const stop = async () => {
    platform.process.kill("SIGINT");
    await platform.ended;
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await platform.said("Ctrl-C stops everything.");
  } catch (error) {
    await stop();
    throw error;
  }
  return { origin: `http://localhost:${port}`, dataDir, stop };
}

/** A fresh one-time link; each works once, so each test takes its own. */
export async function signInLink(dataDir: string, person: "trader" | "operator"): Promise<string> {
  const output = await trading(dataDir, "links");
  const link = new RegExp(`${person}\\s+(http\\S+)`).exec(output)?.[1];
  if (link === undefined) throw new Error(`no link for the ${person} in:\n${output}`);
  return link;
}
