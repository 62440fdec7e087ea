import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { rootDir } from "../backend/src/config.ts";
import { freePort } from "../backend/src/platform/embedded-postgres.ts";
import { startPlatform } from "../backend/test/support/started-platform.ts";

/**
 * `npm run campaign:schemathesis -- --cases 1000`: Schemathesis asks every operation of our OpenAPI document everything
 * it can think of, valid and not, alone and in sequences, as an operator: no 5xx, and every answer as documented.
 */
const { values } = parseArgs({
  options: {
    cases: { type: "string", default: "1000" },
    seed: { type: "string", default: "1" },
    /** Made by `python3 -m venv <dir> && <dir>/bin/pip install schemathesis==4.32.5`. */
    program: { type: "string", default: "schemathesis" },
    /** Of the operations, those with this in their path. */
    only: { type: "string", default: "" },
  },
});

const folder = mkdtempSync(join(tmpdir(), "trading-schemathesis-"));
chmodSync(folder, 0o711); // As root, PostgreSQL's user must pass through.
const dataDir = join(folder, "data");
const port = await freePort();
const origin = `http://localhost:${port}`;
// One machine asks more in a minute than a network may.
process.env.RATE_LIMIT_PER_MINUTE = "1000000";
const platform = startPlatform("--offline", "--port", String(port), "--data", dataDir);
try {
  await platform.said("Ctrl-C stops everything.");
  process.exitCode = await ask();
} finally {
  platform.process.kill("SIGINT");
  await platform.ended;
  rmSync(folder, { recursive: true, force: true });
}

function ask(): Promise<number> {
  const own = join(import.meta.dirname, "schemathesis");
  const child = spawn(
    values.program,
    [
      ...["--config-file", join(own, "schemathesis.toml"), "run"],
      `${origin}/api/v1/openapi.json`,
      ...["--seed", values.seed, "--max-examples", values.cases, "--workers", "2"],
      ...["--continue-on-failure", "--generation-allow-x00", "false", "--no-color"],
      // The stream of events never ends, and a site that is halted begins nothing any more.
      ...["--exclude-path", "/api/v1/events", "--exclude-path", "/api/v1/admin/halt"],
      ...["--exclude-path", "/api/v1/admin/key-leak"],
      ...(values.only === "" ? [] : ["--include-path-regex", values.only]),
    ],
    {
      stdio: "inherit",
      cwd: folder,
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        SCHEMATHESIS_HOOKS: join(own, "asker.py"),
        CAMPAIGN_ORIGIN: origin,
        CAMPAIGN_NODE: process.execPath,
        CAMPAIGN_ROOT: rootDir,
        DATA_DIR: dataDir,
      },
    },
  );
  return new Promise((done, fail) => {
    child.once("error", fail);
    child.once("close", (code) => done(code ?? 1));
  });
}
