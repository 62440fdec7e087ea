import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { type AdminNeeds, answerAdmin } from "../admin/admin.ts";
import { answerPage } from "../admin/page.ts";
import type { Venue } from "../api/operation.ts";
import { spotOperationsByName } from "../api/operations.ts";
import type { Futures } from "../futures/futures.ts";
import { serveCalls } from "./call-socket.ts";
import type { Hub } from "./hub.ts";
import type { PerformNeeds } from "./perform.ts";
import { answerRest, type Route } from "./rest.ts";
import { serveStreams } from "./stream-socket.ts";

export type ListenSettings = Readonly<{
  host: string;
  port: number;
  hosts: readonly string[];
  connectionsPerFiveMinutes: number;
  /** PEM texts; with them it speaks TLS only. */
  tls: Readonly<{ key: string; cert: string }> | null;
}>;

export type ListenNeeds = Readonly<{
  settings: ListenSettings;
  routes: ReadonlyMap<string, Route>;
  perform: PerformNeeds;
  spot: Readonly<{ venue: Venue; hub: Hub }>;
  futures: Futures | null;
  admin: AdminNeeds;
}>;

export type Listening = Readonly<{
  url: string;
  port: number;
  /** Cuts every WebSocket connection at once. */
  cutAll: () => void;
  close: () => Promise<void>;
}>;

const pingEveryMs = 20_000;
const silentForMs = 60_000;
const dayMs = 86_400_000;

/** Listens for clients: REST, streams, WebSocket API, admin and the status page on one port. */
export async function listen(needs: ListenNeeds): Promise<Listening> {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: 1 << 20,
    perMessageDeflate: false,
  });
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    answer(needs, request, response).catch(() => {
      if (!response.headersSent) response.writeHead(500, { "content-type": "text/plain" });
      response.end();
    });
  };
  const { tls } = needs.settings;
  const server = tls === null ? createServer(handle) : createTlsServer(tls, handle);
  server.keepAliveTimeout = 60_000;
  const connections = countConnections(needs);
  server.on("upgrade", (request, socket, head) => {
    // Node takes its own listener away here: a client that resets must not end the process.
    socket.on("error", () => socket.destroy());
    const url = targetOf(request);
    const refusal = refusesUpgrade(needs, request, url, connections);
    if (url === null || refusal !== null) {
      socket.end(`HTTP/1.1 ${refusal ?? badRequest}\r\nconnection: close\r\n\r\n`);
      return;
    }
    const ip = request.socket.remoteAddress ?? "";
    sockets.handleUpgrade(request, socket as Duplex, head, (one) => serve(needs, url, ip, one));
  });
  const pings = setInterval(() => keepAlive(sockets), pingEveryMs);
  pings.unref();
  const { host, port } = needs.settings;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  const actual = (server.address() as AddressInfo).port;
  const name = nameOf(host);
  return {
    url: `${tls === null ? "http" : "https"}://${name}:${actual}`,
    port: actual,
    cutAll: () => {
      for (const one of sockets.clients) one.terminate();
    },
    close: () => {
      clearInterval(pings);
      return shut(server, sockets);
    },
  };
}

/** How a host is written in an address; what listens everywhere is reached by loopback. */
function nameOf(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "127.0.0.1";
  return host.includes(":") ? `[${host}]` : host;
}

/** Where a request wants to go; null for what is no path of ours. */
function targetOf(request: IncomingMessage): URL | null {
  const path = request.url ?? "/";
  return path.startsWith("/") ? new URL(`http://localhost${path}`) : null;
}

async function shut(server: Server, sockets: WebSocketServer): Promise<void> {
  for (const one of sockets.clients) one.terminate();
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}

/** Only names this exchange is meant to have: a web page cannot point its own name at us. */
function isKnownHost({ settings }: ListenNeeds, request: IncomingMessage): boolean {
  const host = (request.headers.host ?? "").replace(/:\d+$/, "").toLowerCase();
  const loopback = ["127.0.0.1", "localhost", "[::1]"];
  const ours = [...loopback, nameOf(settings.host), ...settings.hosts];
  return ours.some((name) => name.toLowerCase() === host);
}

async function answer(
  needs: ListenNeeds,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = (request.url ?? "/").split("?")[0] ?? "/";
  if (!isKnownHost(needs, request)) {
    response.writeHead(421, { "content-type": "text/plain" }).end("Misdirected Request");
    return;
  }
  if (path.startsWith("/simulator/")) return answerAdmin(needs.admin, request, response);
  if (path === "/" || path.startsWith("/status")) return answerPage(path, response);
  return answerRest({ ...needs.perform, routes: needs.routes }, request, response);
}

type Connections = Readonly<{ isFull: (ip: string) => boolean }>;

/** At most so many new connections per address in five minutes. */
function countConnections({ settings, spot }: ListenNeeds): Connections {
  const windowMs = 300_000;
  const counts = new Map<string, { start: number; count: number }>();
  return {
    isFull: (ip) => {
      const now = spot.venue.core.now();
      const start = now - (now % windowMs);
      const found = counts.get(ip);
      const entry = found?.start === start ? found : { start, count: 0 };
      entry.count += 1;
      counts.set(ip, entry);
      return entry.count > settings.connectionsPerFiveMinutes;
    },
  };
}

const badRequest = "400 Bad Request";

function refusesUpgrade(
  needs: ListenNeeds,
  request: IncomingMessage,
  url: URL | null,
  connections: Connections,
): string | null {
  if (!isKnownHost(needs, request)) return "421 Misdirected Request";
  if (url === null) return badRequest;
  if (needs.spot.venue.faults.isInMaintenance()) return "503 Service Unavailable";
  if (!/^\/(ws|stream|ws-api|fstream|ws-fapi)(\/|$)/.test(url.pathname)) return "404 Not Found";
  return connections.isFull(request.socket.remoteAddress ?? "") ? "429 Too Many Requests" : null;
}

type Alive = WebSocket & { heardAt?: number; openedAt?: number };

function serve(needs: ListenNeeds, url: URL, ip: string, socket: Alive): void {
  const { spot, futures } = needs;
  socket.heardAt = Date.now();
  socket.openedAt = Date.now();
  socket.on("pong", () => {
    socket.heardAt = Date.now();
  });
  socket.on("error", () => socket.terminate());
  if (url.pathname.startsWith("/ws-api/")) {
    const hidesLimits = url.searchParams.get("returnRateLimits") === "false";
    const call = {
      ...needs.perform,
      ...spot,
      operations: spotOperationsByName,
      hasUserStream: true,
    };
    serveCalls(call, socket, ip, hidesLimits);
    return;
  }
  if (futures !== null && /^\/(fstream|ws-fapi)\//.test(url.pathname)) {
    futures.serveSocket(needs.perform, url, socket, ip);
    return;
  }
  const { names, isCombined } = streamNames(url.pathname, url.searchParams.get("streams"));
  serveStreams({ hub: spot.hub, now: spot.venue.core.now }, socket, names, isCombined);
}

/** Streams named by a path: /ws/a/b raw, /stream?streams=a/b combined. */
export function streamNames(
  path: string,
  query: string | null,
): { names: string[]; isCombined: boolean } {
  const isCombined = path.includes("/stream") && !path.includes("/ws");
  const text = isCombined ? (query ?? "") : path.slice(path.indexOf("/ws") + 3);
  return { names: text.split("/").filter((name) => name !== ""), isCombined };
}

/** Pings everybody; who has not answered for a minute, or is a day old, is cut. */
function keepAlive(sockets: WebSocketServer): void {
  for (const socket of sockets.clients as Set<Alive>) {
    const now = Date.now();
    const isSilent = now - (socket.heardAt ?? now) > silentForMs;
    if (isSilent || now - (socket.openedAt ?? now) > dayMs) socket.terminate();
    else if (socket.readyState === socket.OPEN) socket.ping();
  }
}
