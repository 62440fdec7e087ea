import { type ChildProcess, spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { WebSocket } from "ws";
import { type Core, createCore, deposit, openAccount } from "../simulator/src/core/core.ts";
import { type Journal, silence } from "../simulator/src/core/journal.ts";
import type { OrderRequest } from "../simulator/src/core/order.ts";
import { createRandom, type Random } from "../simulator/src/core/random.ts";
import { spotSettlement } from "../simulator/src/core/spot-settlement.ts";
import type { Order } from "../simulator/src/core/state.ts";
import { cancel, place } from "../simulator/src/core/trading.ts";
import { createLedger } from "../simulator/src/oracle/ledger.ts";
import { campaignStops } from "./support/stops.ts";

/** The simulator's figures: matching in process, signed REST orders of one server process, stream subscribers. */
const { values } = parseArgs({
  options: {
    orders: { type: "string", default: "400000" },
    requests: { type: "string", default: "20000" },
    subscribers: { type: "string", default: "1000" },
    seconds: { type: "string", default: "10" },
    port: { type: "string", default: "21790" },
  },
});
const say = (text: string): boolean => process.stdout.write(`${text}\n`);

const orders = Number(values.orders);
say(`matching alone: ${matching(orders, silence, true)}`);
say(`matching, clients whose orders are kept: ${matching(orders, silence, false)}`);
const ledger = createLedger({ now: () => 0, keep: "clients" });
say(`matching, kept, every line in the ledger: ${matching(orders / 4, ledger, false)}`);

const stops = campaignStops();
const server = await startServer();
await restOrders(server, Number(values.requests));
await subscribers(server, Number(values.subscribers), Number(values.seconds));
await stops.run();

/** Limit orders around a price by four accounts; about every fourth trades, 2,000 rest at most. */
function matching(count: number, journal: Journal, forgets: boolean): string {
  const market = {
    symbol: "BTCUSDT",
    base: "BTC",
    quote: "USDT",
    tick: "0.01",
    lot: "0.00001",
    price: "100",
    maxOrders: 1e9,
  };
  const core = createCore({
    seed: "load",
    now: () => 0,
    settlement: spotSettlement,
    journal,
    markets: [market],
  });
  const accounts = [0, 1, 2, 3].map((index) => openAccount(core, `load${index}`, forgets));
  for (const account of accounts) {
    for (const asset of ["BTC", "USDT"]) deposit(core, account, asset, 10n ** 20n);
  }
  const book = core.markets.get("BTCUSDT");
  if (book === undefined) throw new Error("no market");
  const random = createRandom("load");
  const open: Order[] = [];
  const began = performance.now();
  const cpu = process.cpuUsage();
  for (let index = 0; index < count; index += 1) {
    const account = accounts[index & 3];
    if (account === undefined) throw new Error("no account");
    const placed = place(core, account, book, randomOrder(random, index));
    if (placed.kind === "refused") throw new Error(placed.reason.message);
    if (placed.order.level !== null) open.push(placed.order);
    if (open.length > 2000) cancelAny(core, open, random, index);
  }
  const seconds = (performance.now() - began) / 1000;
  const { user } = process.cpuUsage(cpu);
  return `${Math.round(count / seconds)} orders/s (${Math.round((count / user) * 1e6)} per CPU second)`;
}

function randomOrder(random: Random, index: number): OrderRequest {
  const side = random.chance(0.5) ? "BUY" : "SELL";
  const limit = 10_000 + (side === "BUY" ? -1 : 1) * (random.integer(60) - 10);
  const lots = 10_000 + random.integer(100_000);
  const plain = {
    quote: 0n,
    isPostOnly: false,
    stop: 0,
    stopAbove: false,
    prevention: "NONE",
  } as const;
  return { clientId: `o${index}`, side, type: "LIMIT", timeInForce: "GTC", limit, lots, ...plain };
}

function cancelAny(core: Core, open: Order[], random: Random, index: number): void {
  const at = random.integer(open.length);
  const order = open[at];
  const last = open.pop();
  if (order === undefined || last === undefined) return;
  if (at < open.length) open[at] = last;
  if (order.level !== null) cancel(core, order, `c${index}`);
}

type Server = Readonly<{ child: ChildProcess; url: string; token: string }>;

async function startServer(): Promise<Server> {
  const entry = fileURLToPath(new URL("../simulator/src/main.ts", import.meta.url));
  const args = [
    entry,
    "--json",
    "--unlimited",
    "--port",
    values.port,
    "--history-days",
    "0.1",
    "--seed",
    "load",
  ];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  stops.add("simulator", () => void child.kill("SIGTERM"));
  const line = await new Promise<string>((resolve, reject) => {
    child.once("error", reject);
    child.stdout?.once("data", (data) => resolve(String(data)));
  });
  return { child, ...(JSON.parse(line) as { url: string; token: string }) };
}

/** CPU seconds a process has used so far. */
function cpuSeconds({ child }: Server): number {
  const fields = readFileSync(`/proc/${child.pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

async function restOrders(server: Server, count: number): Promise<void> {
  const authorization = `Bearer ${server.token}`;
  const headers = { authorization, "content-type": "application/json" };
  const body = JSON.stringify({ balances: { USDT: "100000000", BTC: "1000" } });
  const made = await fetch(`${server.url}/simulator/accounts`, { method: "POST", headers, body });
  const { apiKey, secret } = (await made.json()) as { apiKey: string; secret: string };
  const agent = new Agent({ keepAlive: true, maxSockets: 32 });
  const send = (method: string, fields: string): Promise<number> =>
    new Promise((resolve, reject) => {
      const query = `${fields}&timestamp=${Date.now()}`;
      const signature = createHmac("sha256", secret).update(query).digest("hex");
      const path = `/api/v3/order?${query}&signature=${signature}`;
      const sent = request(
        `${server.url}${path}`,
        { method, agent, headers: { "x-mbx-apikey": apiKey } },
        (answer) => {
          answer.resume();
          answer.on("end", () => resolve(answer.statusCode ?? 0));
        },
      );
      sent.on("error", reject);
      sent.end();
    });
  let next = 0;
  let failed = 0;
  const worker = async (): Promise<void> => {
    while (next < count) {
      const id = next;
      next += 2;
      const name = `symbol=BTCUSDT&newClientOrderId=load${id}`;
      const placed = await send(
        "POST",
        `${name}&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.001&price=30000`,
      );
      const gone = await send("DELETE", `symbol=BTCUSDT&origClientOrderId=load${id}`);
      if (placed !== 200 || gone !== 200) failed += 1;
    }
  };
  const before = cpuSeconds(server);
  const began = performance.now();
  await Promise.all(Array.from({ length: 32 }, worker));
  const seconds = (performance.now() - began) / 1000;
  const cpu = cpuSeconds(server) - before;
  agent.destroy();
  say(
    `REST: ${count} signed placements and cancels in ${seconds.toFixed(2)} s = ${Math.round(count / seconds)}/s; ${Math.round(count / cpu)} per CPU second of the server; ${failed} failed`,
  );
}

async function subscribers(server: Server, count: number, seconds: number): Promise<void> {
  const url = `${server.url.replace("http", "ws")}/stream?streams=btcusdt@trade/btcusdt@bookTicker/btcusdt@kline_1m/btcusdt@depth@100ms`;
  const delays: number[] = [];
  let messages = 0;
  const sockets = await Promise.all(
    Array.from({ length: count }, async () => {
      const socket = new WebSocket(url, { perMessageDeflate: false });
      await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
      socket.on("message", (data) => {
        messages += 1;
        if (messages % 50 !== 0) return;
        const at = /"E":(\d+)/.exec(String(data))?.[1];
        if (at !== undefined) delays.push(Date.now() - Number(at));
      });
      return socket;
    }),
  );
  const before = cpuSeconds(server);
  messages = 0;
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const cpu = (cpuSeconds(server) - before) / seconds;
  delays.sort((a, b) => a - b);
  const at = (share: number): number => delays[Math.floor(delays.length * share)] ?? 0;
  const open = sockets.filter(({ readyState }) => readyState === WebSocket.OPEN).length;
  say(
    `streams: ${open} of ${count} subscribers, ${Math.round(messages / seconds)} messages/s, delay p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, server ${Math.round(cpu * 100)} % of a core`,
  );
  for (const socket of sockets) socket.terminate();
}
