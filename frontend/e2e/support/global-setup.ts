import type { TestProject } from "vitest/node";
import { chromiumPath } from "./browser.ts";
import { type PrivatePlatform, startPrivatePlatform } from "./platform.ts";

declare module "vitest" {
  interface ProvidedContext {
    origin: string;
    dataDir: string;
  }
}

let platform: PrivatePlatform | null = null;

/** One platform for all browser tests. */
export async function setup(project: TestProject): Promise<void> {
  if (chromiumPath === null) {
    process.stderr.write("Browser tests are skipped: no Chromium was found (set CHROMIUM_PATH).\n");
  } else {
    platform = await startPrivatePlatform();
  }
  project.provide("origin", platform?.origin ?? "");
  project.provide("dataDir", platform?.dataDir ?? "");
}

export const teardown = (): Promise<void> | undefined => platform?.stop();
