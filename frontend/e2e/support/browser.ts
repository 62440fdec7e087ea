import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const places = [
  process.env.CHROMIUM_PATH,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** Where a Chromium of this machine is; null where there is none. CHROMIUM_PATH names another. */
export const chromiumPath: string | null =
  places.find((place) => place !== undefined && existsSync(place)) ?? null;

/** Starts that Chromium without a window. */
export function launchChromium(): Promise<Browser> {
  if (chromiumPath === null) {
    throw new Error("No Chromium was found: install one or name it in CHROMIUM_PATH.");
  }
  // As root Chromium refuses to start with its sandbox.
  const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return chromium.launch({
    executablePath: chromiumPath,
    args: [...args, "--disable-gpu", "--disable-dev-shm-usage"],
  });
}
