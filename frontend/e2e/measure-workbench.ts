import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { parseArgs } from "node:util";
import type { Browser, Page } from "playwright-core";
import { launchChromium } from "./support/browser.ts";
import { type PrivatePlatform, signInLink, startPrivatePlatform } from "./support/platform.ts";

/**
 * How long people wait for the workbench over 45,031 one-minute candles: from the click that opens a backtest to the
 * drawn result, and from the move of a slider to the redrawn result. Prints medians and 90th percentiles in ms.
 *
 *     node frontend/e2e/measure-workbench.ts [--link <sign-in link>] [--candles <file>] [--opens 10] [--moves 40]
 *
 * With a link it uses the platform that gave it, else it starts one. Without a file it makes candles of the same
 * number. Figures count on a quiet machine only.
 */
const { values } = parseArgs({
  options: {
    link: { type: "string" },
    candles: { type: "string" },
    opens: { type: "string", default: "10" },
    moves: { type: "string", default: "40" },
    /** Writes a CPU profile of the moves for Chromium's developer tools. */
    profile: { type: "string" },
  },
});
const rows = 45_031;

const platform = values.link === undefined ? await startPrivatePlatform() : null;
const browser = await launchChromium();
try {
  const { dataDir } = platform ?? { dataDir: "" };
  await measure(browser, values.link ?? (await signInLink(dataDir, "trader")));
} finally {
  await browser.close();
  await (platform as PrivatePlatform | null)?.stop();
}

async function measure(browser: Browser, link: string): Promise<void> {
  const { origin } = new URL(link);
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.addInitScript(watchPaints);
  await page.goto(link);
  await page.waitForURL(/#\/workbench/);
  await page.locator("[data-origin=browser]").waitFor();
  const id = await saveBacktest(page, origin);

  const opened: number[] = [];
  for (let open = 0; open < Number(values.opens); open++) {
    // A page without anything kept from before, except what the browser keeps of files.
    await page.goto("about:blank");
    await page.goto(`${origin}/#/backtests?backtest=${id}`);
    const button = page.locator(`a[href*="workbench?backtest=${id}"]`).first();
    await button.waitFor();
    await page.waitForTimeout(500);
    const wait = page.evaluate(() => window.measure("click"));
    await button.click();
    opened.push(await wait);
  }
  report("click to drawn result", opened);

  await page.locator("[data-origin=browser]").waitFor();
  await page.waitForTimeout(1_000);
  const slider = page.getByRole("slider", { name: "Fast average" });
  await slider.focus();
  const session = await page.context().newCDPSession(page);
  if (values.profile !== undefined) {
    await session.send("Profiler.enable");
    await session.send("Profiler.start");
  }
  const moved: number[] = [];
  const moves = Number(values.moves);
  const before = await mainThreadMs(session);
  for (let move = 0; move < moves; move++) {
    const wait = page.evaluate(() => window.measure("keydown"));
    await slider.press(move % 20 < 10 ? "ArrowRight" : "ArrowLeft");
    moved.push(await wait);
    await page.waitForTimeout(120);
  }
  report("slider to redrawn result", moved);
  const spent = (await mainThreadMs(session)) - before;
  console.log(`main thread per move         ${(spent / moves).toFixed(0)} ms`);
  if (values.profile !== undefined) {
    const { writeFileSync } = await import("node:fs");
    const { profile } = await session.send("Profiler.stop");
    writeFileSync(values.profile, JSON.stringify(profile));
  }
}

type Session = Awaited<ReturnType<ReturnType<Page["context"]>["newCDPSession"]>>;

async function mainThreadMs(session: Session): Promise<number> {
  await session.send("Performance.enable");
  const { metrics } = await session.send("Performance.getMetrics");
  return (metrics.find(({ name }) => name === "TaskDuration")?.value ?? 0) * 1_000;
}

/** Uploads the candles, runs SMA crossover over them and saves it; the id of that backtest. */
async function saveBacktest(page: Page, origin: string): Promise<string> {
  await page.goto(`${origin}/#/data?add=upload`);
  const dialog = page.getByRole("dialog", { name: "Upload candles" });
  await dialog.locator("input[type=file]").setInputFiles(candleFile());
  const market = dialog.getByLabel("Market");
  if ((await market.inputValue()) === "") await market.fill("BTC/USD");
  await dialog.getByRole("button", { name: /^Upload \d/ }).click();
  await dialog.getByRole("button", { name: "Look at the series" }).click({ timeout: 60_000 });
  const panel = page.getByRole("complementary", { name: "Data certificate" });
  await panel.getByRole("link", { name: "Open in workbench" }).click();
  await page.getByLabel("Strategy", { exact: true }).first().selectOption("sma-crossover");
  await page.locator("[data-chart=drawn]").waitFor();
  await page.getByRole("button", { name: "Save backtest" }).click();
  const saved = page.getByRole("link", { name: "Show in the list" });
  await saved.waitFor();
  return (
    new URLSearchParams((await saved.getAttribute("href"))?.split("?")[1]).get("backtest") ?? ""
  );
}

function candleFile() {
  if (values.candles !== undefined) {
    const name = basename(values.candles);
    return { name, mimeType: "text/csv", buffer: readFileSync(values.candles) };
  }
  const lines = ["time,open,high,low,close,volume"];
  let close = 46_000;
  for (let row = 0; row < rows; row++) {
    const open = close;
    close += Math.sin(row / 97) * 12 + Math.sin(row / 1_009) * 20 + Math.sin(row * row) * 15;
    const [high, low] = [Math.max(open, close) + 9, Math.min(open, close) - 9];
    lines.push([Date.UTC(2022, 0, 1) + row * 60_000, open, high, low, close, 1].join(","));
  }
  return { name: "BTC_USD-1m.csv", mimeType: "text/csv", buffer: Buffer.from(lines.join("\n")) };
}

function report(what: string, times: readonly number[]): void {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) =>
    (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN).toFixed(
      0,
    );
  console.log(`${what.padEnd(28)} median ${at(0.5)} ms, p90 ${at(0.9)} ms (${times.length} times)`);
}

declare global {
  interface Window {
    /** From the next event of the kind to the end of the frame that shows its result, in ms. */
    measure(kind: "click" | "keydown"): Promise<number>;
  }
}

/** Runs in the page: notes when canvases were painted last. */
function watchPaints(): void {
  const fingerprint = () =>
    document.querySelector("[data-fingerprint]")?.getAttribute("data-fingerprint") ?? null;
  const isDrawn = () => document.querySelector("[data-chart=drawn]") !== null;
  const { save } = CanvasRenderingContext2D.prototype;
  const channel = new MessageChannel();
  let onPainted: (() => void) | null = null;
  let isAsked = false;
  // A message sent while painting arrives when the whole frame has been drawn.
  channel.port1.onmessage = () => {
    isAsked = false;
    onPainted?.();
  };
  CanvasRenderingContext2D.prototype.save = function () {
    if (!isAsked && onPainted) {
      isAsked = true;
      channel.port2.postMessage(null);
    }
    return save.call(this);
  };
  window.measure = (kind) =>
    new Promise((done, fail) => {
      setTimeout(() => fail(new Error(`nothing was drawn after the ${kind}`)), 20_000);
      const before = fingerprint();
      const began = (event: Event) => {
        const from = event.timeStamp;
        onPainted = () => {
          if (!isDrawn() || fingerprint() === null || fingerprint() === before) return;
          onPainted = null;
          done(performance.now() - from);
        };
      };
      addEventListener(kind, began, { capture: true, once: true });
    });
}
