import type { Problem } from "@trading/contracts/problems";

/** The platform's own API, as any other client sees it, signed in as one user. */
export type ApiClient = Readonly<{
  get<Answer>(path: string): Promise<Answer>;
  post<Answer>(path: string, body: unknown): Promise<Answer>;
}>;

/** Signs in by a one-time link. A refused request throws an error with the sentence of its problem document. */
export async function signInByLink(origin: string, linkToken: string): Promise<ApiClient> {
  const anonymous = createClient(origin, null);
  const answer = await anonymous.post<{ accessToken: string }>("/auth/link", { token: linkToken });
  return createClient(origin, answer.accessToken);
}

/** Answers can take long: reading the markets of an exchange, for one. */
const patienceMs = 30_000;

function createClient(origin: string, accessToken: string | null): ApiClient {
  const call = async <Answer>(method: string, path: string, body?: unknown): Promise<Answer> => {
    const headers: Record<string, string> = { origin };
    if (accessToken !== null) headers.authorization = `Bearer ${accessToken}`;
    if (body !== undefined) headers["content-type"] = "application/json";
    const response = await fetch(`${origin}/api/v1${path}`, {
      method,
      headers,
      signal: AbortSignal.timeout(patienceMs),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(await sentenceOf(response));
    return (await response.json()) as Answer;
  };
  return {
    get: (path) => call("GET", path),
    post: (path, body) => call("POST", path, body),
  };
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
