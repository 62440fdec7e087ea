import { readFileSync } from "node:fs";
import { join } from "node:path";
import { rootDir } from "../config.ts";

/** The version of the platform, as package.json names it. */
export const version: string = (
  JSON.parse(readFileSync(join(rootDir, "package.json"), "utf8")) as { version: string }
).version;
