import { randomBytes } from "node:crypto";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rootDir } from "../config.ts";
import { freePort } from "../platform/embedded-postgres.ts";

/** How the demo's simulated exchange is started, and how the other processes find it. */
export type SimulatedExchange = Readonly<{
  file: string;
  programArguments: readonly string[];
  /** For web and worker, under the names of the configuration. */
  variables: Readonly<Record<"SIMULATOR_URL" | "SIMULATOR_TOKEN_FILE", string>>;
}>;

/** So much past lies behind its markets when it starts. */
const historyDays = 7;

/** Chooses its port before it runs, so that nobody has to wait for it; a restart keeps the address and the token. */
export async function planSimulatedExchange(directory: string): Promise<SimulatedExchange> {
  const port = await freePort();
  const tokenFile = join(directory, "simulator-token");
  if (!existsSync(tokenFile)) {
    writeFileSync(tokenFile, `${randomBytes(24).toString("base64url")}\n`, { mode: 0o600 });
  }
  return {
    file: join(rootDir, "simulator/src/main.ts"),
    programArguments: [
      `--port=${port}`,
      `--token-file=${tokenFile}`,
      `--history-days=${historyDays}`,
    ],
    variables: { SIMULATOR_URL: `http://127.0.0.1:${port}`, SIMULATOR_TOKEN_FILE: tokenFile },
  };
}
