import { randomBytes } from "node:crypto";
import { expect } from "vitest";
import { answerResetRequests } from "../../src/accounts/answer-reset-requests.job.ts";
import { createPost, secretPlace } from "../../src/mail/post.ts";
import { createEnvelope, keysFromSecrets } from "../../src/platform/envelope.ts";
import { type SignedInUser, type TestApp, testEncryptionKey } from "./app.ts";

export const password = "correct horse battery";
export const another = "a staple nobody expects";
export const firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
/** As the browser of somebody who is signed in asks. */
export type Browser = Pick<SignedInUser, "headers">;
export type Registered = Browser & {
  name: string;
  id: string;
  email: string;
  token: string;
  cookie: string;
};
const envelope = createEnvelope(keysFromSecrets([testEncryptionKey]));

/** What people do with their accounts, by requests, and the letters they get. */
export function people(site: TestApp) {
  let network = 0;
  /** By a browser, or by an access token alone; every request from a network of its own, so that tries do not add up. */
  function send(
    method: Method,
    path: string,
    payload?: object,
    who?: Browser | string,
    more: Readonly<Record<string, string>> = {},
  ) {
    network += 1;
    return site.inject({
      method,
      url: `/api/v1${path}`,
      remoteAddress: `10.${(network >> 8) & 255}.${network & 255}.7`,
      headers: {
        "sec-fetch-site": "same-origin",
        "user-agent": firefox,
        ...(typeof who === "string" ? { authorization: `Bearer ${who}` } : who?.headers),
        ...more,
      },
      ...(payload === undefined ? {} : { payload }),
    });
  }

  async function register(email?: string): Promise<Registered> {
    const name = `user-${randomBytes(4).toString("hex")}`;
    const answer = await send("POST", "/auth/register", {
      name,
      email: email ?? `${name}@example.com`,
      password,
    });
    expect(answer.statusCode, answer.body).toBe(201);
    const browser = browserOf(answer);
    const me = (await send("GET", "/users/me", undefined, browser)).json();
    const token: string = answer.json().accessToken;
    return { ...browser, name, id: me.id, email: me.email, token, cookie: cookieOf(answer) };
  }

  /** What was written to a user, with the token of its link. */
  async function letters(userId: string, kind?: string) {
    const { rows } = await site.database.pool.query(
      "select * from mails where user_id = $1 order by created_at",
      [userId],
    );
    return Promise.all(
      rows
        .filter((row) => kind === undefined || row.kind === kind)
        .map(async (row) => ({
          kind: row.kind as string,
          to: row.recipient as string,
          facts: row.facts as Record<string, string>,
          token:
            row.secret === null ? "" : await envelope.open(row.secret, secretPlace(row.id, userId)),
        })),
    );
  }
  const lastLetter = async (userId: string, kind: string) =>
    (await letters(userId, kind)).at(-1) ?? { kind: "none", to: "", facts: {}, token: "" };

  return {
    send,
    register,
    letters,
    lastLetter,
    async prove({ id }: Registered) {
      const { token } = await lastLetter(id, "prove-address");
      expect((await send("POST", "/auth/prove-address", { token })).statusCode).toBe(204);
    },
    login: (identifier: string, secret = password, code?: string, device = firefox) =>
      send(
        "POST",
        "/auth/login",
        { identifier, password: secret, ...(code === undefined ? {} : { code }) },
        undefined,
        { "user-agent": device },
      ),
    refresh: (cookie: string) => send("POST", "/auth/refresh", {}, undefined, { cookie }),
    inbox: async (token: string) => (await send("GET", "/users/me/inbox", undefined, token)).json(),
    /** The worker's turn at whoever forgot their password. */
    answerResets: () =>
      answerResetRequests({ sql: site.database.db, post: createPost(envelope) }).run(
        {},
        AbortSignal.timeout(5_000),
      ),
  };
}

type Answer = Awaited<ReturnType<TestApp["inject"]>>;
export const cookieNamed = (wanted: string) => (answer: Answer) =>
  `${wanted}=${answer.cookies.find(({ name }) => name === wanted)?.value}`;
/** The refresh token of an answer, as a browser sends it back. */
export const cookieOf = cookieNamed("__Host-refresh");
/** The browser that somebody signed in with. */
export const browserOf = (answer: Answer): Browser => ({
  headers: { authorization: `Bearer ${answer.json().accessToken}`, cookie: cookieOf(answer) },
});
/** By what the browser is known again. */
export const deviceOf = cookieNamed("__Host-device");
