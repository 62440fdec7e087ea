import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import * as engine from "@trading/engine";
import { build, type Rolldown } from "vite";
import { afterAll, expect, test } from "vitest";
import { dataRevision } from "../../backend/src/market-data/data-revision.ts";
import { bundleStrategy } from "../../backend/src/strategies/bundle.ts";

/**
 * The fingerprint in Firefox. Its engine is another one than Chromium's and Node's, and its functions of Math differ in
 * the last digit: equal fingerprints show that nothing of that reaches a result. Firefox opens a page that runs the
 * workbench's own worker and posts what came out.
 */
const root = resolve(import.meta.dirname, "../..");
const firefox = ["/usr/bin/firefox-esr", "/usr/bin/firefox"].find((path) => existsSync(path));
if (firefox === undefined) {
  process.stderr.write("The fingerprint in Firefox is skipped: no Firefox was found.\n");
}

const settings = { capital: 10_000, makerFee: 0.001, takerFee: 0.002, slippageBps: 3 };
const market = { symbol: "TEST/USDT", tick: 0.01, lot: 0.0001, notionalMin: 5 };

/** Candles of an hour from a seeded walk: no two machines may differ here already, so only + − × ÷ are used. */
function candles(rows: number): engine.Columns {
  const make = () => new Float64Array(rows);
  const columns = {
    time: make(),
    open: make(),
    high: make(),
    low: make(),
    close: make(),
    volume: make(),
  };
  let seed = 20_260_101;
  const chance = () => {
    seed = (seed * 16_807) % 2_147_483_647;
    return seed / 2_147_483_647 - 0.5;
  };
  let price = 30_000;
  for (let row = 0; row < rows; row++) {
    const open = price;
    price = Math.round(price * (1 + chance() * 0.02) * 100) / 100;
    columns.time[row] = 1_700_000_000_000 - (1_700_000_000_000 % 3_600_000) + row * 3_600_000;
    columns.open[row] = open;
    columns.close[row] = price;
    columns.high[row] = Math.max(open, price) + 10;
    columns.low[row] = Math.min(open, price) - 10;
    columns.volume[row] = 100;
  }
  return columns;
}

const columns = candles(5_000);
const set = { candles: columns, market, timeframe: "1h", dataRevision: dataRevision(columns) };

/** The worker of the workbench as one script. */
async function workerScript(): Promise<string> {
  const entry = join(root, "frontend/src/features/workbench/run/backtest.worker.ts");
  const built = await build({
    configFile: false,
    logLevel: "silent",
    root,
    build: { write: false, minify: false, lib: { entry, formats: ["es"], fileName: "worker" } },
  });
  const outputs = [built].flat() as Rolldown.RolldownOutput[];
  const chunk = outputs[0]?.output[0];
  if (chunk === undefined) throw new Error("the worker was not built");
  return chunk.code;
}

async function scriptOf(name: string) {
  const bundle = await bundleStrategy(join(root, `strategies/${name}.ts`));
  if (bundle.kind === "refused") throw new Error(bundle.message);
  return { name, version: bundle.version, code: bundle.code };
}

const page = (message: string) => `<!doctype html><meta charset="utf-8"><script type="module">
  const { candles, ...rest } = JSON.parse(${JSON.stringify(message)});
  const columns = Object.fromEntries(Object.entries(candles).map(([name, values]) => [name, Float64Array.from(values)]));
  const worker = new Worker("/worker.js", { type: "module" });
  worker.onmessage = ({ data }) =>
    fetch("/result", { method: "POST", body: data.kind === "done" ? data.result.description.fingerprint : data.problem.detail });
  worker.onerror = (event) => fetch("/result", { method: "POST", body: String(event.message) });
  worker.postMessage({ kind: "candles", set: { ...rest.set, candles: columns } });
  worker.postMessage({ kind: "script", script: rest.script });
  worker.postMessage({ kind: "run", id: 1, wish: rest.wish });
</script>`;

let server: Server | undefined;
let browser: ChildProcess | undefined;
const profile = firefox === undefined ? null : mkdtempSync(join(tmpdir(), "trading-firefox-"));

afterAll(async () => {
  browser?.kill("SIGKILL");
  server?.closeAllConnections();
  server?.close();
  if (profile !== null)
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
});

/** Serves the page and the worker on loopback; answers with what the page posts. */
async function resultFrom(html: string, worker: string): Promise<string> {
  return new Promise((answer, fail) => {
    const made = createServer((request, response) => {
      if (request.method === "POST") {
        let body = "";
        request.on("data", (chunk) => (body += chunk));
        request.on("end", () => {
          response.end();
          answer(body);
        });
        return;
      }
      const isWorker = request.url === "/worker.js";
      response.setHeader("content-type", isWorker ? "text/javascript" : "text/html");
      response.end(isWorker ? worker : html);
    }).listen(0, "127.0.0.1", () => {
      const { port } = made.address() as AddressInfo;
      browser = openFirefox(`http://127.0.0.1:${port}/`);
      browser.once("error", fail);
    });
    server = made;
  });
}

function openFirefox(url: string): ChildProcess {
  const quiet = [
    "app.normandy.enabled",
    "app.update.auto",
    "datareporting.policy.dataSubmissionEnabled",
    "browser.aboutwelcome.enabled",
  ];
  const lines = quiet.map((name) => `user_pref("${name}", false);`);
  writeFileSync(join(profile ?? "", "user.js"), `${lines.join("\n")}\n`);
  return spawn(firefox ?? "", ["--headless", "--no-remote", "--profile", profile ?? "", url], {
    stdio: "ignore",
    env: { ...process.env, HOME: profile ?? "", MOZ_CRASHREPORTER_DISABLE: "1" },
  });
}

test.for(["sma-crossover", "the-orphan"])(
  "%s has the same fingerprint in Firefox and in Node",
  { timeout: 120_000 },
  async (name, { skip }) => {
    skip(firefox === undefined, "Firefox is not installed");
    const script = await scriptOf(name);
    const strategy = engine.evaluateStrategy(script.code, engine);
    const checked = engine.checkParameters(strategy.parameters, {});
    if (checked.kind === "refused") throw new Error("the defaults are refused");
    const input = {
      ...set,
      strategy,
      strategyVersion: script.version,
      parameters: checked.values,
      settings,
    };
    const here = engine.runBacktest(input);
    expect(here.trades.length).toBeGreaterThan(3);

    const plain = Object.fromEntries(
      Object.entries(columns).map(([key, values]) => [key, [...values]]),
    );
    const message = JSON.stringify({
      candles: plain,
      set,
      script,
      wish: { parameters: {}, settings },
    });
    const there = await resultFrom(page(message), await workerScript());
    browser?.kill("SIGKILL");
    server?.close();
    expect(there).toBe(here.fingerprint);
  },
);
