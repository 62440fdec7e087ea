import { afterAll, beforeEach, expect, test } from "vitest";

/** A server with one session whose refresh token turns over, as fetch sees it. */
const server = { refreshes: 0, isSignedIn: true, expiresIn: 900 };

const answer = (status: number, body: unknown) => new Response(JSON.stringify(body), { status });
const realFetch = globalThis.fetch;
Object.assign(globalThis, {
  window: {},
  fetch: async (url: string) => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    if (!server.isSignedIn) return answer(401, { code: "not-signed-in", detail: "no session" });
    if (url.endsWith("/auth/refresh")) server.refreshes += 1;
    return answer(200, {
      accessToken: `token-${server.refreshes}`,
      tokenType: "Bearer",
      expiresIn: server.expiresIn,
    });
  },
});
const { accessToken, inSession, onSession, signIn, signOut } = await import("./session.ts");
const { local, problemFrom, problemOf } = await import("./problem.ts");

beforeEach(async () => {
  server.isSignedIn = true;
  server.expiresIn = 900;
  await signOut();
  server.refreshes = 0;
});
afterAll(() => {
  globalThis.fetch = realFetch;
});

test("ten requests at once refresh once", async () => {
  const tokens = await Promise.all(Array.from({ length: 10 }, () => accessToken()));
  expect(server.refreshes).toBe(1);
  expect(new Set(tokens)).toEqual(new Set(["token-1"]));
});

test("a token that the server refused is not given out again", async () => {
  const first = await accessToken();
  expect(await accessToken()).toBe(first);
  expect(await accessToken(first ?? "")).toBe("token-2");
  expect(server.refreshes).toBe(2);
});

test("a token about to run out is renewed before it is used", async () => {
  server.expiresIn = 10;
  await signIn("trader", "a long password");
  await accessToken();
  expect(server.refreshes).toBe(1);
});

test("what the server says of a lost token or cookie is asked once more, all else is not", async () => {
  const asked: string[] = [];
  const ask = (code: string) =>
    inSession("token-0", async (token) => {
      asked.push(`${code} ${token}`);
      if (token === "token-0") throw problemFrom(403, JSON.stringify(local(code, 403, code, code)));
      return token;
    }).catch(problemOf);
  expect(await ask("browser-needed")).toBe("token-1");
  expect(await ask("not-signed-in")).toBe("token-1");
  expect(await ask("wrong-credentials")).toMatchObject({ code: "wrong-credentials" });
  expect(asked).toHaveLength(5);
});

test("a session that ended elsewhere is noticed and told once", async () => {
  const heard: boolean[] = [];
  await accessToken();
  const stop = onSession((isSignedIn) => heard.push(isSignedIn));
  server.isSignedIn = false;
  expect(await accessToken("token-1")).toBeNull();
  expect(await accessToken()).toBeNull();
  stop();
  expect(heard).toEqual([false]);
});
