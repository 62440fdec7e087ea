import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestApp, testApp } from "../../test/support/app.ts";

let site: TestApp;
beforeAll(async () => {
  site = await testApp();
});
afterAll(() => site.close());

test("a user registers and learns who they are", async () => {
  const register = await site.inject({
    method: "POST",
    url: "/api/v1/auth/register",
    payload: { name: "Alice", email: "alice@example.com", password: "correct horse battery" },
  });
  expect(register.statusCode, register.body).toBe(201);
  const me = await site.inject({
    url: "/api/v1/users/me",
    headers: { authorization: `Bearer ${register.json().accessToken}` },
  });
  expect(me.json()).toMatchObject({ name: "Alice", role: "user", settings: { theme: "dark" } });
});
