import { ProblemError, problemFrom, problemOf, unreachable } from "./problem.ts";
import type { Shapes } from "./shapes.ts";

declare global {
  interface Window {
    BACKEND_API_BASE_URL?: string;
  }
}

/** Where the API is: js/config.js names another origin, or nothing for the page's own. */
export const apiUrl = (path: string): string =>
  `${(window.BACKEND_API_BASE_URL ?? "").replace(/\/+$/, "")}/api/v1${path}`;

type Token = Readonly<{ value: string; expiresAt: number }>;
type Message = { kind: "token"; token: Token } | { kind: "signed-in" } | { kind: "signed-out" };

/**
 * The access token lives in memory only. The refresh cookie turns over at each use, so one tab refreshes at a time
 * (a lock across tabs) and gives the new token to the others.
 */
let token: Token | null = null;
const channel = new BroadcastChannel("trading-session");
const listeners = new Set<(signedIn: boolean) => void>();
const marginMs = 20_000;

/** In a tab in which an operator looks as a user: its token is handed over, kept here only, and never renewed. */
let isLook = false;

channel.onmessage = ({ data }: MessageEvent<Message>) => {
  if (isLook) return;
  if (data.kind === "token") keep(data.token);
  else if (data.kind === "signed-out") forget();
  // Somebody, perhaps somebody else, signed in: nothing on this page may be of the one before.
  else location.reload();
};

const isFresh = (one: Token | null): one is Token =>
  one !== null && one.expiresAt - marginMs > Date.now();

function keep(next: Token): void {
  token = next;
  for (const listener of listeners) listener(true);
}

function forget(): void {
  token = null;
  for (const listener of listeners) listener(false);
}

/** Calls back when this browser signs in or out, in whichever tab. */
export function onSession(listener: (signedIn: boolean) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** A token good for at least 20 s, refreshed when needed; null when nobody is signed in. `stale` was refused by the server. */
export async function accessToken(stale?: string): Promise<string | null> {
  const isGood = () => isFresh(token) && token.value !== stale;
  if (isGood() && token !== null) return token.value;
  return oneAtATime(async () => {
    if (isGood() && token !== null) return token.value;
    return refresh();
  });
}

/** By which the server says that a token ran out, or that the cookie of its session is not in this browser any more. */
const sessionLost = ["not-signed-in", "browser-needed"];

/** Asks with a token, and once more with another where that one is lost; whoever gets none meets the page to sign in. */
export async function inSession<Result>(
  token: string,
  ask: (token: string) => Promise<Result>,
): Promise<Result> {
  try {
    return await ask(token);
  } catch (error) {
    const isLost = sessionLost.includes(problemOf(error).code);
    const renewed = isLost ? await accessToken(token) : null;
    if (renewed === null) throw error;
    return ask(renewed);
  }
}

let running: Promise<string | null> | null = null;

function oneAtATime(work: () => Promise<string | null>): Promise<string | null> {
  running ??= locked(work).finally(() => {
    running = null;
  });
  return running;
}

/** Locks exist on HTTPS and localhost only, which is where signing in works; elsewhere one tab guards itself. */
const locked = <Result>(work: () => Promise<Result>): Promise<Result> =>
  navigator.locks === undefined ? work() : navigator.locks.request("trading-refresh", work);

/**
 * Asks for what ends this browser's tokens and answers with others, and perhaps with more: no tab renews meanwhile with
 * the cookie that ends. Throws ProblemError.
 */
export async function exchangeSession<
  Name extends "accessToken" | "factorAdded" | "madePasskey" = "accessToken",
>(
  method: "POST" | "PUT" | "PATCH" | "DELETE",
  path: string,
  body?: unknown,
): Promise<Shapes[Name]> {
  const current = await accessToken();
  const exchange = (bearer: string | null) =>
    locked(async () => taken(await send(method, path, body, bearer)));
  const answer = await (current === null ? exchange(null) : inSession(current, exchange));
  return answer as Shapes[Name];
}

async function refresh(): Promise<string | null> {
  if (isLook) {
    forget();
    return null;
  }
  const response = await post("/auth/refresh");
  if (response.status === 401 || response.status === 204) {
    if (token !== null) {
      forget();
      channel.postMessage({ kind: "signed-out" } satisfies Message);
    }
    return null;
  }
  return (await taken(response)).accessToken;
}

const post = (path: string, body?: unknown): Promise<Response> => send("POST", path, body);

async function send(
  method: string,
  path: string,
  body?: unknown,
  bearer: string | null = null,
): Promise<Response> {
  const headers = new Headers();
  if (bearer !== null) headers.set("authorization", `Bearer ${bearer}`);
  if (body !== undefined) headers.set("content-type", "application/json");
  const init: RequestInit = { method, headers, credentials: "include" };
  if (body !== undefined) init.body = JSON.stringify(body);
  try {
    return await fetch(apiUrl(path), init);
  } catch {
    throw unreachable();
  }
}

async function taken(response: Response): Promise<Shapes["accessToken"]> {
  if (!response.ok) throw problemFrom(response.status, await response.text());
  const answer = (await response.json()) as Shapes["accessToken"];
  const next = { value: answer.accessToken, expiresAt: Date.now() + answer.expiresIn * 1000 };
  keep(next);
  channel.postMessage({ kind: "token", token: next } satisfies Message);
  return answer;
}

/** Signs in with a name and a password, a new account or a one-time link. Throws ProblemError. */
export const signIn = (identifier: string, password: string, code?: string): Promise<void> =>
  enter("/auth/login", { identifier, password, ...(code === undefined ? {} : { code }) });
export const signInByPasskey = (credential: unknown): Promise<void> =>
  enter("/auth/passkey", { credential });
export const signInByLink = (link: string): Promise<void> => enter("/auth/link", { token: link });
export const signUp = (
  account: Readonly<{
    name: string;
    email: string;
    password: string;
    invitation?: string;
    country?: string;
    agreesTo?: readonly { kind: string; version: number }[];
  }>,
): Promise<void> => enter("/auth/register", account);

type Look = Readonly<{ kind: "look"; token: Shapes["accessToken"] }>;

/** Takes the token of a look from the operator's window that opened this tab. */
export function receiveLook(): Promise<void> {
  isLook = true;
  return new Promise((received) => {
    addEventListener("message", ({ origin, source, data }: MessageEvent<Look>) => {
      if (origin !== location.origin || source !== opener || data.kind !== "look") return;
      keep({ value: data.token.accessToken, expiresAt: Date.now() + data.token.expiresIn * 1_000 });
      received();
    });
    (opener as Window | null)?.postMessage("look-ready", location.origin);
  });
}

async function enter(path: string, body: unknown): Promise<void> {
  await taken(await post(path, body));
  channel.postMessage({ kind: "signed-in" } satisfies Message);
}

/** Signs this browser out, in all its tabs; also when the server cannot be reached. */
export async function signOut(): Promise<void> {
  // The cookie is the operator's, and stays.
  if (isLook) return forget();
  try {
    const response = await post("/auth/logout");
    if (!response.ok && response.status !== 401)
      throw problemFrom(response.status, await response.text());
  } catch (error) {
    if (!(error instanceof ProblemError) || error.problem.code !== "unreachable") throw error;
  } finally {
    forget();
    channel.postMessage({ kind: "signed-out" } satisfies Message);
  }
}
