import { local, ProblemError, problemFrom, unreachable } from "./problem.ts";
import { accessToken, apiUrl, inSession } from "./session.ts";
import type { Shapes } from "./shapes.ts";

type Query = Readonly<Record<string, string | number | boolean | undefined>>;
type Ask = Readonly<{
  method?: string;
  query?: Query;
  body?: unknown;
  signal?: AbortSignal | undefined;
  /** For what anybody may read: no session is looked for. */
  anonymous?: boolean;
}>;

/** `?a=1&b=x`, leaving out what is undefined or empty. */
export function queryString(query: Query = {}): string {
  const pairs = Object.entries(query).filter(([, value]) => value !== undefined && value !== "");
  return pairs.length === 0
    ? ""
    : `?${new URLSearchParams(pairs.map(([key, value]) => [key, String(value)]))}`;
}

/** Raised on the window with every answer: a stream that waits to come back need not wait longer. */
export const serverAnswered = "server-answered";

/** Asks the API as the signed-in user. Throws ProblemError. */
export async function send(
  path: string,
  { method = "GET", query, body, signal, anonymous = false }: Ask = {},
): Promise<Response> {
  const url = apiUrl(path) + queryString(query);
  const attempt = async (token: string | null) => {
    const headers = new Headers();
    if (token !== null) headers.set("authorization", `Bearer ${token}`);
    if (body !== undefined) headers.set("content-type", "application/json");
    const init: RequestInit = { method, headers, credentials: "include", signal: signal ?? null };
    if (body !== undefined) init.body = JSON.stringify(body);
    try {
      const response = await fetch(url, init);
      dispatchEvent(new Event(serverAnswered));
      return response;
    } catch (error) {
      if (signal?.aborted === true) throw error;
      throw unreachable();
    }
  };
  const answered = async (token: string | null) => {
    const response = await attempt(token);
    if (!response.ok) throw problemFrom(response.status, await response.text());
    return response;
  };
  if (anonymous) return answered(null);
  const token = await accessToken();
  if (token === null) throw notSignedIn();
  return inSession(token, answered);
}

/** Asks and reads the answer as the named shape. Throws ProblemError. */
export async function ask<Name extends keyof Shapes>(
  name: Name,
  path: string,
  how: Ask = {},
): Promise<Shapes[Name]> {
  const response = await send(path, how);
  const text = await response.text();
  return checked(name, text === "" ? null : JSON.parse(text));
}

/** In development an answer of another shape is an error where it arrives; see shapes.ts for why only there. */
export async function checked<Name extends keyof Shapes>(
  name: Name,
  value: unknown,
): Promise<Shapes[Name]> {
  if (!import.meta.env.DEV) return value as Shapes[Name];
  const { shapes } = await import("./shapes.ts");
  const result = shapes[name].safeParse(value);
  if (result.success) return result.data as Shapes[Name];
  throw new ProblemError(
    local("contract-broken", 0, "The answer has another shape", `${name}: ${result.error.message}`),
  );
}

/** Fetches a file of the API as the signed-in user and hands it to the browser to save. */
export async function saveFile(path: string, name: string, query?: Query): Promise<void> {
  const response = await send(path, query === undefined ? {} : { query });
  const url = URL.createObjectURL(await response.blob());
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

const notSignedIn = () =>
  new ProblemError(local("not-signed-in", 401, "Not signed in", "You are not signed in any more."));
