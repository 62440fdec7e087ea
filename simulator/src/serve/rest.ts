import type { IncomingMessage, ServerResponse } from "node:http";
import type { Operation, Venue } from "../api/operation.ts";
import { readPairs } from "../api/parameters.ts";
import { Problem } from "../api/problem.ts";
import type { Account } from "../core/state.ts";
import { type Outcome, type PerformNeeds, perform } from "./perform.ts";

/** One operation and the venue it acts on, found by "METHOD /path". */
export type Route = Readonly<{ venue: Venue; operation: Operation }>;

export type RestNeeds = PerformNeeds & Readonly<{ routes: ReadonlyMap<string, Route> }>;

const mostBodyBytes = 64 * 1024;
const mostUrlChars = 8 * 1024;

/** Answers one REST request of the exchange's API. */
export async function answerRest(
  needs: RestNeeds,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = request.url ?? "/";
  const cut = url.indexOf("?");
  const path = cut < 0 ? url : url.slice(0, cut);
  const query = cut < 0 ? "" : url.slice(cut + 1);
  const route = needs.routes.get(`${request.method ?? "GET"} ${path}`);
  if (url.length > mostUrlChars) return sendText(response, 414, "URI Too Long");
  if (route === undefined) return sendText(response, 404, "Not Found");
  const ip = request.socket.remoteAddress ?? "";
  const body = request.method === "GET" ? "" : await readBody(request);
  if (body === null) return sendText(response, 413, "Payload Too Large");
  let outcome: Outcome;
  try {
    const values = readPairs(query, body);
    const payload = withoutSignature(query) + withoutSignature(body);
    const apiKey = header(request, "x-mbx-apikey");
    const incoming = { ...route, values, payload, apiKey, ip, session: null };
    const performed = perform(needs, incoming);
    outcome = performed instanceof Promise ? await performed : performed;
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    const { status, retryAfter } = problem;
    outcome = { kind: "answer", status, body: problem.body(), retryAfter, account: null };
  }
  send(request, response, outcome, route, ip);
}

const header = (request: IncomingMessage, name: string): string | null => {
  const value = request.headers[name];
  return typeof value === "string" ? value : null;
};

/** What was signed: everything but the signature itself. */
export function withoutSignature(text: string): string {
  const at = text.startsWith("signature=") ? 0 : text.indexOf("&signature=");
  if (at < 0) return text;
  const end = text.indexOf("&", at + 1);
  const rest = end < 0 ? "" : text.slice(at === 0 ? end + 1 : end);
  return text.slice(0, at) + rest;
}

/** The body as text; null when it is too large. */
async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > mostBodyBytes) return null;
    chunks.push(chunk);
  }
  return chunks.length === 1
    ? (chunks[0]?.toString("utf8") ?? "")
    : Buffer.concat(chunks).toString("utf8");
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  outcome: Outcome,
  { venue, operation }: Route,
  ip: string,
): void {
  if (outcome.kind === "reset") {
    request.socket.destroy();
    return;
  }
  if (outcome.kind === "hang") return;
  if (outcome.kind === "stall") {
    response.writeHead(200, { "content-type": "application/json", "content-length": 1000 });
    response.flushHeaders();
    return;
  }
  if (outcome.kind === "raw") {
    response.writeHead(outcome.status, { "content-type": outcome.contentType });
    response.end(outcome.text);
    return;
  }
  const text = JSON.stringify(outcome.body);
  if (outcome.kind === "truncated") {
    response.writeHead(200, { "content-type": "application/json" });
    response.end(text.slice(0, Math.floor(text.length / 2)));
    return;
  }
  const counted = operation.security === "TRADE" && outcome.status === 200 ? outcome.account : null;
  response.writeHead(outcome.status, {
    "content-type": "application/json;charset=UTF-8",
    "content-length": Buffer.byteLength(text),
    ...usage(venue, ip, counted),
    ...retryAfter(outcome.retryAfter),
  });
  response.end(text);
}

const retryAfter = (seconds: number | null): Record<string, number> =>
  seconds === null ? {} : { "retry-after": seconds };

function usage(venue: Venue, ip: string, account: Account | null): Record<string, number> {
  const weight = venue.limits.usedWeight(ip);
  const headers = { "x-mbx-used-weight": weight, "x-mbx-used-weight-1m": weight };
  if (account === null) return headers;
  const { short, day } = venue.limits.orderCounts(account);
  return { ...headers, "x-mbx-order-count-10s": short, "x-mbx-order-count-1d": day };
}

function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { "content-type": "text/plain", connection: "close" });
  response.end(text);
}
