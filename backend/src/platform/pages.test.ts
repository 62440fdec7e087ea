import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import Fastify, { type FastifyInstance } from "fastify";
import { afterAll, beforeAll, expect, test } from "vitest";
import { registerPages } from "./pages.ts";

const folder = mkdtempSync(join(tmpdir(), "trading-pages-"));
const files = [
  "index.html",
  "admin/index.html",
  "js/config.js",
  "assets/main-B1c2D3e4.js",
  "assets/backtest.worker-COhdTGT7.js",
  "logo.svg",
];
let app: FastifyInstance;
beforeAll(async () => {
  for (const name of files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), name);
  }
  writeFileSync(join(dirname(folder), "trading-pages-secret"), "secret");
  app = Fastify();
  await registerPages(app, folder);
});
afterAll(async () => {
  await app.close();
  rmSync(folder, { recursive: true });
  rmSync(join(dirname(folder), "trading-pages-secret"));
});

test.each([
  ["/", "index.html", "no-cache"],
  ["/admin/", "admin/index.html", "no-cache"],
  ["/js/config.js", "js/config.js", "no-cache"],
  ["/logo.svg", "logo.svg", "no-cache"],
  ["/assets/main-B1c2D3e4.js", "assets/main-B1c2D3e4.js", "public, max-age=31536000, immutable"],
  [
    "/assets/backtest.worker-COhdTGT7.js",
    "assets/backtest.worker-COhdTGT7.js",
    "public, max-age=31536000, immutable",
  ],
])("%s is %s, kept as %s", async (url, content, caching) => {
  const answer = await app.inject({ url });
  expect([answer.statusCode, answer.body, answer.headers["cache-control"]]).toEqual([
    200,
    content,
    caching,
  ]);
  const again = await app.inject({
    url,
    headers: { "if-none-match": String(answer.headers.etag) },
  });
  expect(again.statusCode).toBe(304);
});

test.each([
  "/../trading-pages-secret",
  "/%2e%2e/trading-pages-secret",
  "/..%2ftrading-pages-secret",
  "/assets/..%5c..%5ctrading-pages-secret",
  "//etc/passwd",
])("%s leads nowhere", async (url) => {
  const answer = await app.inject({ url });
  expect(answer.statusCode).toBeGreaterThanOrEqual(400);
  expect(answer.body).not.toContain("secret\n");
  expect(answer.body).not.toBe("secret");
});

test("without a build there is only the API", async () => {
  const bare = Fastify();
  await registerPages(bare, join(folder, "nowhere"));
  expect((await bare.inject({ url: "/" })).statusCode).toBe(404);
  await bare.close();
});
