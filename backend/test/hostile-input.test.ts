import { beforeAll, expect, test } from "vitest";
import { newId } from "../src/platform/ids.ts";
import { type SignedInUser, siteOfFile } from "./support/app.ts";
import { browserOf } from "./support/people.ts";

/** Every operation of the OpenAPI document gets what no honest client sends; none may answer that it is our mistake. */

type Parameter = Readonly<{
  name: string;
  in: "query" | "path" | "header";
  schema?: { type?: string };
}>;
type Operation = Readonly<{ parameters?: Parameter[]; requestBody?: object }>;
type Asked = Readonly<{
  method: string;
  path: string;
  parameters: Parameter[];
  takesBody: boolean;
}>;

const site = siteOfFile();
let user: SignedInUser;
let operations: Asked[];
beforeAll(async () => {
  user = await site.signedIn("admin");
  const { paths } = (await site.inject({ url: "/api/v1/openapi.json" })).json();
  operations = Object.entries<Record<string, Operation>>(paths)
    .filter(([path]) => !path.endsWith("/events"))
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { parameters = [], requestBody }]) => ({
        ...{ method: method.toUpperCase(), path, parameters },
        takesBody: requestBody !== undefined,
      })),
    );
});

const nobodys = newId();
const texts = [
  "",
  "0",
  "-1",
  "1e309",
  "NaN",
  "null",
  "true",
  "[]",
  "99999999999999999999",
  "2024-13-45T99:99:99Z",
  "+275760-09-13T00:00:00.001Z",
  "'; drop table users; --",
  "%' or '1'='1",
  "\\",
  "<script>alert(1)</script>",
  "../../../../etc/passwd",
  "\u202e\ufeff\u0007",
  "😀".repeat(40),
  "a".repeat(5_000),
  newId(),
];
const bodies = [
  "",
  "null",
  "0",
  '"text"',
  "[]",
  "{}",
  '{"":{}}',
  '{"constructor":{"prototype":{"admin":true}}}',
  '{"toString":1,"hasOwnProperty":null}',
  `{"strategy":"x","timeframe":"1h","candles":{"kind":"series","seriesId":"${newId()}"},"settings":{"capital":1e400}}`,
  `{"strategy":"${"x".repeat(79)}","timeframe":"1h","candles":{"kind":"market","exchange":"\u202e","symbol":"%"},"from":"0000-01-01T00:00:00Z"}`,
  '{"strategy":"sma-crossover","parameters":{"__lookupGetter__":1,"fast":-0},"timeframe":"1h","candles":{"kind":"market","exchange":"binance","symbol":"BTC/USDT"}}',
  '{"exchange":"constructor","symbol":"__defineGetter__","timeframe":"1m","from":"1970-01-01T00:00:00Z"}',
  '{"title":"\ufffd","backtestIds":["00000000-0000-0000-0000-000000000000","ffffffff-ffff-ffff-ffff-ffffffffffff"]}',
  '{"layout":{"a":1e308,"b":-1e308},"hiddenColumns":{"t":["\u0000"]}}',
  '{"theme":"dark","timeZone":"Etc/../../passwd"}',
];

/** Every address there is with the text: in each parameter by itself, and in all of the query at once. */
function urlsOf(asked: Asked, text: string): string[] {
  const queried = asked.parameters.filter(({ in: where }) => where === "query");
  const alone = asked.path.includes("/exchanges/") ? queried : asked.parameters;
  return [urlOf(asked, text), ...alone.map(({ name }) => urlOf(asked, text, name))];
}

/** Named alone a parameter has a hostile path; in paths of all at once there is an id that nobody has. */
function urlOf({ path, parameters }: Asked, text: string, only?: string): string {
  const filled = path.replaceAll(/\{[^}]+\}/g, () =>
    encodeURIComponent(only === undefined ? nobodys : text),
  );
  const query = new URLSearchParams();
  for (const { name, in: where } of parameters) {
    if (where === "query" && (only === undefined || only === name)) query.append(name, text);
  }
  return `${filled}?${query}`;
}

async function expectNoMistake(asked: Asked, url: string, payload?: string): Promise<void> {
  const answer = await site.inject({
    method: asked.method as "GET",
    url,
    headers: {
      // The cookie signs out where that is asked.
      ...(asked.path.includes("/auth/") ? user.bearer : user.headers),
      "sec-fetch-site": "same-origin",
      ...(payload === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(payload === undefined ? {} : { payload }),
  });
  // Signing all others out changes one's own token too.
  if (asked.method === "DELETE" && asked.path.endsWith("/sessions") && answer.statusCode === 200)
    user = { ...user, ...browserOf(answer) };
  // An exchange that does not answer is not our mistake.
  expect(
    answer.statusCode,
    `${asked.method} ${url} ${payload} ${answer.body} ${site.logged.at(-1)}`,
  ).toSatisfy((status: number) => status < 500 || status === 502 || asked.path.endsWith("/ready"));
}

test("hostile texts in paths and queries are no mistake of ours", { timeout: 60_000 }, async () => {
  for (const asked of operations.filter(({ method }) => method === "GET")) {
    for (const url of new Set(texts.flatMap((text) => urlsOf(asked, text))))
      await expectNoMistake(asked, url);
  }
});

test("hostile bodies are no mistake of ours", { timeout: 60_000 }, async () => {
  for (const asked of operations.filter(({ method }) => method !== "GET")) {
    for (const body of bodies) await expectNoMistake(asked, urlOf(asked, ""), body);
  }
});

test("the user's own account outlived all of it", async () => {
  const me = await site.inject({ url: "/api/v1/users/me", headers: user.headers });
  expect(me.json()).toMatchObject({
    role: "admin",
    settings: { theme: expect.stringMatching(/dark|light|system/) },
  });
});
