import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Environment, loadConfig } from "../../src/config.ts";
import { createLog } from "../../src/platform/log.ts";
import { startWorker } from "../../src/worker-wiring.ts";
import { testEncryptionKey } from "./app.ts";
import type { TestDatabase } from "./database.ts";

export type TestWorker = Readonly<{
  /** What was logged, line by line. */
  logged: readonly string[];
  close(deadlineMs?: number): Promise<void>;
}>;

/** A real worker in this process, with data of its own. Close it in `afterAll`. */
export async function testWorker(
  database: TestDatabase,
  env: Environment = {},
): Promise<TestWorker> {
  const dataDir = mkdtempSync(join(tmpdir(), "trading-worker-"));
  const config = loadConfig(
    {
      DATABASE_URL: database.url,
      API_ENCRYPTION_KEY: testEncryptionKey,
      DATA_DIR: dataDir,
      LOG_LEVEL: "warn",
      DATABASE_POOL_MAX: "10",
      ...env,
    },
    "worker",
  );
  const logged: string[] = [];
  const write = (line: string) => void logged.push(line);
  const log = createLog({ level: config.logLevel, process: "worker", secrets: [], write });
  const worker = await startWorker(config, log);
  await worker.strategiesScanned;
  return {
    logged,
    async close(deadlineMs = 2_000) {
      await worker.close(deadlineMs);
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
