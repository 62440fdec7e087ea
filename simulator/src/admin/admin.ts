import { timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { type Keys, readPublicKey } from "../api/keys.ts";
import { depthView } from "../api/market-data.ts";
import type { Venue } from "../api/operation.ts";
import { orderView } from "../api/views.ts";
import type { Clock } from "../clock.ts";
import { deposit } from "../core/core.ts";
import { formatUnits, parseDecimal } from "../core/decimal.ts";
import { formatPrice } from "../core/market.ts";
import type { Account, Market } from "../core/state.ts";
import type { Faults } from "../faults/faults.ts";
import { readRule, record } from "../faults/rule.ts";
import type { Futures } from "../futures/futures.ts";
import type { Ledger } from "../oracle/ledger.ts";

export type AdminNeeds = Readonly<{
  token: string;
  spot: Venue;
  keys: Keys;
  faults: Faults;
  ledger: Ledger;
  clock: Clock;
  futures: Futures | null;
  openAccount: (
    balances: Readonly<Record<string, string>>,
    name: string,
  ) => { account: Account; apiKey: string; secret: string };
  step: (byMs: number) => Promise<void>;
  cutAll: () => void;
}>;

type Answer = Readonly<{ status: number; body: unknown; isText?: boolean }>;
type Request = Readonly<{ method: string; path: string; query: URLSearchParams; body: unknown }>;

const mostBodyBytes = 1 << 20;
const ok = (body: unknown): Answer => ({ status: 200, body });
const bad = (message: string, status = 400): Answer => ({ status, body: { error: message } });

/** Answers the operator: accounts, faults, clock and ledger. Needs the token and, to change anything, JSON. */
export async function answerAdmin(
  needs: AdminNeeds,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const answer = await decide(needs, request);
  const text = answer.isText === true ? String(answer.body) : JSON.stringify(answer.body);
  response.writeHead(answer.status, {
    "content-type": answer.isText === true ? "application/x-ndjson" : "application/json",
    "cache-control": "no-store",
  });
  response.end(text);
}

async function decide(needs: AdminNeeds, request: IncomingMessage): Promise<Answer> {
  if (!isAuthorized(needs.token, request.headers.authorization))
    return bad("wrong or missing token", 401);
  const url = new URL(request.url ?? "/", "http://localhost");
  const method = request.method ?? "GET";
  let body: unknown = null;
  if (method !== "GET" && method !== "DELETE") {
    if (!(request.headers["content-type"] ?? "").startsWith("application/json")) {
      return bad("send application/json", 415);
    }
    const text = await readText(request);
    if (text === null) return bad("too large", 413);
    try {
      body = JSON.parse(text);
    } catch {
      return bad("not JSON");
    }
  }
  try {
    return await obey(needs, { method, path: url.pathname, query: url.searchParams, body });
  } catch (error) {
    if (error instanceof RangeError) return bad(error.message);
    throw error;
  }
}

function isAuthorized(token: string, header: string | undefined): boolean {
  const given = Buffer.from((header ?? "").replace(/^Bearer /, ""));
  const wanted = Buffer.from(token);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

async function readText(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > mostBodyBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

async function obey(needs: AdminNeeds, { method, path, query, body }: Request): Promise<Answer> {
  const { faults, clock, ledger } = needs;
  switch (`${method} ${path}`) {
    case "POST /simulator/accounts":
      return openAccount(needs, record(body, "the body"));
    case "GET /simulator/accounts":
      return ok(accountList(needs));
    case "POST /simulator/deposits":
      return addDeposit(needs, record(body, "the body"));
    case "GET /simulator/faults":
      return ok(faults.list());
    case "POST /simulator/faults":
      return addFault(needs, body);
    case "DELETE /simulator/faults":
      faults.clear();
      return ok({ removed: "all" });
    case "POST /simulator/disconnect":
      needs.cutAll();
      return ok({});
    case "GET /simulator/clock":
      return ok({ now: clock.now(), isStepped: clock.isStepped, speed: clock.speed });
    case "POST /simulator/clock/step":
      return stepClock(needs, record(body, "the body"));
    case "GET /simulator/ledger":
      return ok({ count: ledger.count(), entries: ledger.entries(readLedgerQuery(query)) });
    case "GET /simulator/ledger/hash":
      return ok({ count: ledger.count(), hash: ledger.hash() });
    case "GET /simulator/ledger/export":
      return { status: 200, isText: true, body: exportLedger(ledger) };
    case "GET /simulator/state":
      return ok(stateView(needs));
    default:
      return removeFault(needs, method, path);
  }
}

function openAccount(needs: AdminNeeds, body: Record<string, unknown>): Answer {
  const balances = readAmounts(body.balances ?? {});
  const name = optionalText(body, "name") ?? "client";
  const feeAsset = optionalText(body, "feeAsset");
  const publicKey = optionalText(body, "publicKey");
  if (feeAsset !== null) checkAsset(feeAsset);
  const pem = publicKey === null ? null : readPublicKey(publicKey);
  const { account, apiKey, secret } = needs.openAccount(balances, name);
  account.feeAsset = feeAsset;
  return ok(pem === null ? { apiKey, secret } : needs.keys.register(account, pem));
}

/** The numbers faults, deposits and the ledger know accounts by, and whose keys are whose. */
const accountList = ({ spot, futures, keys }: AdminNeeds): unknown[] =>
  clientsOf(spot).map((account) => ({
    account: account.id,
    futuresAccount: futures?.venue.accountOf(account).id ?? null,
    name: account.name,
    apiKeys: keys.namesOf(account),
  }));

const clientsOf = ({ core }: Venue): Account[] =>
  [...core.accounts.values()].filter(({ isHouse }) => !isHouse);

function optionalText(body: Record<string, unknown>, name: string): string | null {
  const value = body[name];
  if (value === undefined) return null;
  if (typeof value !== "string" || value === "") throw new RangeError(`${name} must be a text`);
  return value;
}

function checkAsset(asset: string): void {
  if (!/^[A-Z0-9]{1,20}$/.test(asset)) throw new RangeError(`${asset} is not an asset's name`);
}

function readAmounts(given: unknown): Record<string, string> {
  const amounts: Record<string, string> = {};
  for (const [asset, amount] of Object.entries(record(given, "balances"))) {
    checkAsset(asset);
    if (parseDecimal(String(amount)).kind !== "ok")
      throw new RangeError(`${asset} needs a decimal`);
    amounts[asset] = String(amount);
  }
  return amounts;
}

function addDeposit(needs: AdminNeeds, body: Record<string, unknown>): Answer {
  const account = needs.spot.core.accounts.get(Number(body.account));
  if (account === undefined || account.isHouse) return bad("no such account", 404);
  for (const [asset, amount] of Object.entries(readAmounts(body.balances ?? {}))) {
    const parsed = parseDecimal(amount);
    if (parsed.kind === "ok") deposit(needs.spot.core, account, asset, parsed.units);
  }
  return ok({});
}

function addFault(needs: AdminNeeds, body: unknown): Answer {
  const rule = readRule(body);
  if (rule.effect.kind === "halt" && !needs.spot.core.markets.has(rule.effect.symbol)) {
    return bad("no such symbol", 404);
  }
  return { status: 201, body: needs.faults.add(rule) };
}

function removeFault(needs: AdminNeeds, method: string, path: string): Answer {
  const match = /^\/simulator\/faults\/(\d+)$/.exec(path);
  if (method !== "DELETE" || match === null) return bad("no such call", 404);
  return needs.faults.remove(Number(match[1])) ? ok({}) : bad("no such fault", 404);
}

const longestStepMs = 7 * 86_400_000;

async function stepClock(needs: AdminNeeds, body: Record<string, unknown>): Promise<Answer> {
  const ms = Number(body.ms);
  if (!needs.clock.isStepped) return bad("this clock runs by itself", 409);
  if (!(Number.isInteger(ms) && ms >= 0 && ms <= longestStepMs))
    return bad("ms must be a whole number");
  await needs.step(ms);
  return ok({ now: needs.clock.now() });
}

function readLedgerQuery(query: URLSearchParams): Parameters<Ledger["entries"]>[0] {
  const number = (name: string): number | undefined => {
    const text = query.get(name);
    if (text === null) return undefined;
    if (!/^\d{1,15}$/.test(text)) throw new RangeError(`${name} must be a whole number`);
    return Number(text);
  };
  return {
    from: number("from"),
    kind: query.get("kind") ?? undefined,
    account: number("account"),
    clientId: query.get("clientId") ?? undefined,
    limit: number("limit"),
  };
}

function exportLedger(ledger: Ledger): string {
  const lines: string[] = [];
  for (let from = 1; ; ) {
    const entries = ledger.entries({ from, limit: 10_000 });
    for (const entry of entries) lines.push(JSON.stringify(entry));
    const last = entries.at(-1);
    if (last === undefined) return `${lines.join("\n")}\n`;
    from = last.n + 1;
  }
}

/** What the status page shows: both venues as one. */
function stateView({ spot, futures, faults, ledger, clock }: AdminNeeds): unknown {
  const venues = futures === null ? [spot] : [spot, futures.venue];
  return {
    now: clock.now(),
    markets: venues.flatMap(({ core }) => [...core.markets.values()].map(marketView)),
    accounts: venues.flatMap((venue) => clientsOf(venue).map(accountView)),
    faults: faults.list(),
    ledger: { count: ledger.count(), latest: ledger.newest(30) },
  };
}

const nameOf = ({ symbol, settings }: Market): string =>
  settings.perpetual === true ? `${symbol} perpetual` : symbol;

const marketView = (market: Market): unknown => ({
  name: nameOf(market),
  status: market.status,
  last: formatPrice(market, market.last),
  trades: market.tradeCount,
  book: depthView(market, 10),
});

const accountView = (account: Account): unknown => ({
  id: account.id,
  name: account.name,
  balances: [...account.balances].map(([asset, { free, locked }]) => ({
    asset,
    free: formatUnits(free),
    locked: formatUnits(locked),
  })),
  orders: [...account.openByClientId.values()].map((order) => ({
    ...orderView(order),
    market: nameOf(order.market),
  })),
});
