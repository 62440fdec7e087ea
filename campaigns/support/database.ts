import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbeddedPostgres } from "../../backend/src/platform/embedded-postgres.ts";
import { migrate } from "../../backend/src/platform/migrations.ts";
import type { CampaignStops } from "./stops.ts";

/** A folder and a database of the campaign's own. */
export async function startDatabase(
  stops: Pick<CampaignStops, "add">,
): Promise<{ dir: string; url: string }> {
  const dir = mkdtempSync(join(tmpdir(), "trading-campaign-"));
  chmodSync(dir, 0o711); // As root, PostgreSQL's user must pass through.
  stops.add("folder", () => rmSync(dir, { recursive: true, force: true }));
  const server = await startEmbeddedPostgres({ dir: join(dir, "postgres"), port: "free" });
  stops.add("PostgreSQL", () => server.stop());
  await migrate(server.url);
  return { dir, url: server.url };
}
