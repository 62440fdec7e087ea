import type { Problem } from "@trading/contracts/problems";

/** The platform's own API, as any other client sees it, signed in as one user. */
export type ApiClient = Readonly<{
  get<Answer>(path: string): Promise<Answer>;
  post<Answer>(path: string, body: unknown): Promise<Answer>;
}>;

/** Signs in by a one-time link. A refused request throws an error with the sentence of its problem document. */
export async function signInByLink(origin: string, linkToken: string): Promise<ApiClient> {
  const signedIn = await ask(origin, {}, "POST", "/auth/link", { token: linkToken });
  const { accessToken } = (await signedIn.json()) as { accessToken: string };
  const cookie = signedIn.headers.getSetCookie().map((one) => one.split(";", 1)[0]);
  const browser = { authorization: `Bearer ${accessToken}`, cookie: cookie.join("; ") };
  const call = async <Answer>(method: string, path: string, body?: unknown): Promise<Answer> =>
    (await (await ask(origin, browser, method, path, body)).json()) as Answer;
  return {
    get: (path) => call("GET", path),
    post: (path, body) => call("POST", path, body),
  };
}

/** Answers can take long: reading the markets of an exchange, for one. */
const patienceMs = 30_000;

async function ask(
  origin: string,
  browser: Readonly<Record<string, string>>,
  method: string,
  path: string,
  body?: unknown,
): Promise<Response> {
  const json = body === undefined ? {} : { "content-type": "application/json" };
  const response = await fetch(`${origin}/api/v1${path}`, {
    method,
    headers: { origin, ...browser, ...json },
    signal: AbortSignal.timeout(patienceMs),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(await sentenceOf(response));
  return response;
}

async function sentenceOf(response: Response): Promise<string> {
  const text = await response.text();
  try {
    const problem = JSON.parse(text) as Problem;
    const details = problem.errors?.map(({ where, message }) => `${where}: ${message}`) ?? [];
    return [problem.detail, ...details].join(" ");
  } catch {
    return `HTTP ${response.status}`;
  }
}
