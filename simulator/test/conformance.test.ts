import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Simulator, startSimulator } from "../src/simulator.ts";
import { ccxtFuturesChecks } from "./conformance/ccxt-futures.ts";
import { ccxtSpotChecks } from "./conformance/ccxt-spot.ts";
import { judge, tableOf, type Verdict } from "./conformance/check.ts";
import { connectorFuturesChecks } from "./conformance/connector-futures.ts";
import { connectorCallChecks, connectorStreamChecks } from "./conformance/connector-sockets.ts";
import { connectorSpotChecks } from "./conformance/connector-spot.ts";
import { makeCertificate } from "./support/certificate.ts";

const patience = { timeout: 60_000 };
const page = new URL("../../docs/simulator.md", import.meta.url);
const settings = { seed: "conformance", historyDays: 0.5, limits: { weightPerMinute: 60_000 } };
const tls = makeCertificate();
let plain: Simulator;
let secure: Simulator;
const tables = new Map<string, string>();

beforeAll(async () => {
  plain = await startSimulator(settings);
  secure = await startSimulator({ ...settings, tls });
});
afterAll(() => Promise.all([plain.close(), secure.close()]));

function expectAll(title: string, verdicts: readonly Verdict[]): void {
  tables.set(title, tableOf(title, verdicts));
  expect(verdicts.filter(({ verdict }) => verdict.startsWith("FAILS"))).toEqual([]);
}

test.concurrent("unmodified ccxt lives its whole spot life here", patience, async () => {
  const { checks, close } = ccxtSpotChecks(plain);
  expectAll("ccxt and ccxt.pro 4.5.84, `binance`", await judge(checks));
  await close();
});

test.concurrent("unmodified ccxt trades perpetuals here", patience, async () => {
  const { checks, close } = ccxtFuturesChecks(plain);
  expectAll("ccxt and ccxt.pro 4.5.84, `binanceusdm`", await judge(checks));
  await close();
});

test.concurrent("Binance's own clients from npm live here", patience, async () => {
  expectAll("@binance/spot 32.0.4, REST", await judge(connectorSpotChecks(secure, tls.cert)));
  const calls = await connectorCallChecks(secure, tls.cert);
  expectAll("@binance/spot 32.0.4, WebSocket API (Ed25519 session)", await judge(calls.checks));
  const streams = await connectorStreamChecks(secure, tls.cert);
  expectAll("@binance/spot 32.0.4, streams", await judge(streams.checks));
  const futures = connectorFuturesChecks(secure, tls.cert);
  expectAll("@binance/derivatives-trading-usds-futures 38.1.1, REST", await judge(futures));
  await calls.close();
  await streams.close();
});

test("the table in docs/simulator.md is what these clients found (vitest -u writes it)", async () => {
  const [before = "", rest = ""] = readFileSync(page, "utf8").split("<!-- conformance -->");
  const [, after = ""] = rest.split("<!-- /conformance -->");
  const text = [...tables]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([, table]) => table)
    .join("\n");
  const whole = `${before}<!-- conformance -->\n\n${text}\n<!-- /conformance -->${after}`;
  await expect(whole).toMatchFileSnapshot(page.pathname);
});
