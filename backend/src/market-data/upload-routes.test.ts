import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { request as httpRequest, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type SignedInUser, type TestApp, testApp } from "../../test/support/app.ts";
import { csv, uploadFile } from "../../test/support/uploads.ts";
import { accessTokenSeconds, createAccessTokens } from "../accounts/access-token.ts";

const dataDir = mkdtempSync(join(tmpdir(), "trading-uploads-"));
let web: TestApp;
let ann: SignedInUser;

beforeAll(async () => {
  web = await testApp({ env: { DATA_DIR: dataDir, UPLOAD_FILE_MB: "1" } });
  ann = await web.signedIn();
});
afterAll(async () => {
  await web.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const upload = (user: SignedInUser, content: string | Uint8Array, fields = {}) =>
  uploadFile(web, user, content, fields);
const uploads = () => readdirSync(join(dataDir, "uploads"));

test("a file above the limit is refused and leaves nothing behind", async () => {
  const answer = await upload(ann, new Uint8Array(1024 * 1024 + 10));
  expect([answer.statusCode, answer.json().code]).toEqual([413, "too-large"]);
  const announced = await web.inject({
    method: "POST",
    url: "/api/v1/imports",
    headers: {
      ...ann.headers,
      "content-type": "multipart/form-data; boundary=x",
      "content-length": String(1024 ** 3),
    },
    payload: "--x",
  });
  expect(announced.statusCode).toBe(413);
  expect(uploads()).toEqual([]);
});

test.each([
  ["no symbol", { symbol: "" }],
  ["a symbol that is none", { symbol: "\ud800\u0000" }],
  ["an unknown timeframe", { timeframe: "7m" }],
  ["an unknown field", { colour: "red" }],
])("a form with %s is refused", async (_name, fields) => {
  const answer = await upload(ann, csv(3), fields);
  expect([answer.statusCode, answer.json().code]).toEqual([400, "validation-failed"]);
  expect(uploads()).toEqual([]);
});

test("a form without a file, and a body that is no form, are refused", async () => {
  const form = new Response(new FormData());
  const headers = { ...ann.headers, "content-type": form.headers.get("content-type") ?? "" };
  const empty = await web.inject({
    method: "POST",
    url: "/api/v1/imports",
    headers,
    payload: Buffer.from(await form.arrayBuffer()),
  });
  expect(empty.statusCode).toBe(400);
  const json = await web.inject({
    method: "POST",
    url: "/api/v1/imports",
    headers: ann.headers,
    payload: { file: "x" },
  });
  expect([400, 406, 415]).toContain(json.statusCode);
});

test.each([
  ["that names no boundary", "multipart/form-data", ""],
  ["whose part ends in the middle", "multipart/form-data; boundary=x", "--x\r\n7430786--x--\r\n"],
  [
    "that breaks off",
    "multipart/form-data; boundary=x",
    "--x\r\nContent-Disposition: form-data; na",
  ],
])("a form %s is malformed", async (_name, type, payload) => {
  const headers = { ...ann.headers, "content-type": type };
  const answer = await web.inject({ method: "POST", url: "/api/v1/imports", headers, payload });
  expect([answer.statusCode, answer.json().code]).toEqual([400, "malformed-body"]);
});

test("a token that expires while a file is on its way does not break the upload", async () => {
  const tokens = createAccessTokens(
    [web.config.jwtSecretKey],
    () => Date.now() - (accessTokenSeconds - 2) * 1_000,
  );
  const claims = { userId: ann.id, sessionId: ann.sessionId, epoch: 0, role: "user" } as const;
  const token = await tokens.make(claims);
  const form = new FormData();
  form.append("symbol", "LATE/USDT");
  form.append("file", new Blob([csv(300)]), "late.csv");
  const encoded = new Response(form);
  const body = Buffer.from(await encoded.arrayBuffer());
  const authorization = `Bearer ${token}`;
  const isValid = async () =>
    (await web.inject({ url: "/api/v1/storage", headers: { authorization } })).statusCode === 200;
  await web.app.listen({ port: 0, host: "127.0.0.1" });
  const { port } = web.app.server.address() as AddressInfo;
  const request = httpRequest({
    ...{ port, method: "POST", path: "/api/v1/imports" },
    headers: { authorization, "content-type": encoded.headers.get("content-type") ?? "" },
  });
  const answered = new Promise<IncomingMessage>((done, fail) => {
    request.on("response", done).on("error", fail);
  });
  request.write(body.subarray(0, 600));
  while (await isValid()) await new Promise((done) => setTimeout(done, 100));
  request.end(body.subarray(600));
  expect((await answered).resume().statusCode).toBe(202);
});
